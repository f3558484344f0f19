using System.Diagnostics;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>Where the time of a model goes in our engine: the best of several rounds for every step of the plan, and for every operator in all.</summary>
internal static class OnnxProfile
{
    private const int Lines = 20;
    private const double SecondsOfWarmup = 1;
    private const double SecondsOfRounds = 3;
    private const int MaxRounds = 1000;

    /// <param name="name">Part of the name of a model of <see cref="NetworkCase.All"/>.</param>
    public static int Run(string name, string corpus, int rows, int threads)
    {
        if (NetworkCase.All(corpus).FirstOrDefault(c => c.Name.Contains(name, StringComparison.Ordinal)) is not { } network)
        {
            Console.Error.WriteLine($"no model has '{name}' in its name; there are {string.Join(", ", NetworkCase.All(corpus).Select(c => c.Name))}");
            return 2;
        }
        var folder = Directory.CreateTempSubdirectory("slipway-onnx-");
        try
        {
            var model = GraphModel.Compile(OnnxReader.Read(network.WriteTo(folder.FullName)), new GraphOptions(threads));
            using var input = network.Inputs(rows);
            Print(network.Name, model, GraphCost.Values(model, input));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(string name, GraphModel model, Value[] values)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsOfWarmup;) model.Run(values).Dispose();
        using var run = model.Run(values);
        var steps = run.Plan.Steps;
        var best = new double[steps.Count];
        Array.Fill(best, double.MaxValue);
        var rounds = 0;
        for (var start = Stopwatch.GetTimestamp(); rounds < MaxRounds && (rounds == 0 || Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsOfRounds); rounds++)
        {
            for (var i = 0; i < best.Length; i++)
            {
                var began = Stopwatch.GetTimestamp();
                Plan.Execute(steps[i], CancellationToken.None);
                best[i] = Math.Min(best[i], Stopwatch.GetElapsedTime(began).TotalSeconds);
            }
        }
        var all = best.Sum();
        Console.WriteLine(Format($"{name}: {steps.Count} steps, {all * 1e6:F1} µs as the sum of the best of {rounds} rounds"));
        foreach (var kind in steps.Select((step, i) => (Operator: step.Node.Info.Definition.Qualified, Seconds: best[i])).GroupBy(s => s.Operator, StringComparer.Ordinal).OrderByDescending(g => g.Sum(s => s.Seconds)))
        {
            Console.WriteLine(Format($"{kind.Sum(s => s.Seconds) * 1e6,12:F1} µs {kind.Sum(s => s.Seconds) / all,7:P1}  {kind.Key} x {kind.Count()}"));
        }
        Console.WriteLine();
        foreach (var (step, seconds) in steps.Zip(best).OrderByDescending(s => s.Second).Take(Lines))
        {
            Console.WriteLine(Format($"{seconds * 1e6,12:F1} µs {seconds / all,7:P1}  {step.Node} {step.Kind} {Operands(step.Context)}"));
        }
    }

    private static string Operands(RunContext node) => string.Join(" ", Enumerable.Range(0, node.InputCount).Select(i => node.HasInput(i) ? node.InputValue(i).Type.ToString() : "-")) + " -> "
        + (node.HasOutput(0) ? node.Output(0).Type.ToString() : "-");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
