using System.Diagnostics;
using System.Globalization;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>What a pass of the optimiser and a second thread gain: small graphs of what the pass looks for, as written, optimised, and on two threads, in turns in one process.</summary>
internal static class PassSpeed
{
    private const double SecondsPerRound = 0.02;
    private const int Rounds = 25;

    private static readonly (string Name, Func<NetworkBuilder, string> Build, long[] Shape)[] Cases =
    [
        ("add", b => b.Node("Add", ["x", b.Uniform(0, 1, 512)]), [512, 512]),
        ("add", b => b.Node("Add", ["x", b.Uniform(0, 1, 512)]), [4096, 512]),
        ("exp", b => b.Node("Exp", ["x"]), [64, 512]),
        ("exp", b => b.Node("Exp", ["x"]), [4096, 512]),
        ("pow", b => b.Node("Pow", ["x", b.Uniform(1.5f, 0, 1)]), [512, 512]),
        ("transpose", b => b.Node("Transpose", ["x"], ("perm", Ints(0, 2, 3, 1))), [1, 64, 56, 56]),
        ("transpose", b => b.Node("Transpose", ["x"], ("perm", Ints(0, 2, 3, 1))), [16, 64, 56, 56]),
        ("concat", b => b.Node("Concat", ["x", "x"], ("axis", -1L)), [4096, 512]),
        ("gather", b => b.Node("Gather", ["x", b.Integers([.. Enumerable.Range(0, 4096).Select(i => i * 37L % 4096)])], ("axis", 0L)), [4096, 512]),
        ("chain of 2", b => b.Node("Tanh", [b.Node("Mul", ["x", b.Uniform(0, 1, 512)])]), [64, 512]),
        ("chain of 2", b => b.Node("Tanh", [b.Node("Mul", ["x", b.Uniform(0, 1, 512)])]), [4096, 512]),
        ("chain of 8", Chain, [8, 64]),
        ("chain of 8", Chain, [64, 512]),
        ("chain of 8", Chain, [4096, 512]),
    ];

    public static int Run(string only)
    {
        Console.WriteLine("| graph | shape | as written µs | optimised µs | gain | two threads µs | gain |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|");
        foreach (var (name, build, shape) in Cases.Where(c => c.Name.Contains(only, StringComparison.Ordinal)))
        {
            var builder = new NetworkBuilder(name);
            builder.Input("x", DataType.Float32, shape);
            builder.Output(build(builder));
            var definition = builder.Build();
            GraphModel[] models = [GraphModel.Compile(definition, new GraphOptions(Optimise: false)), GraphModel.Compile(definition, new GraphOptions()), GraphModel.Compile(definition, new GraphOptions(2))];
            var times = Measure(models, Numbers(shape));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {string.Join('×', shape)} | {times[0] * 1e6:F1} | {times[1] * 1e6:F1} | {times[0] / times[1]:F2} | {times[2] * 1e6:F1} | {times[1] / times[2]:F2} |"));
        }
        return 0;
    }

    /// <summary>Seconds a run, the best of the rounds.</summary>
    private static double[] Measure(GraphModel[] models, TensorValue input)
    {
        Value[] inputs = [input];
        var best = new double[models.Length];
        Array.Fill(best, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            for (var m = 0; m < models.Length; m++)
            {
                var runs = 0;
                var start = Stopwatch.GetTimestamp();
                do
                {
                    models[m].Run(inputs).Dispose();
                    runs++;
                }
                while (Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsPerRound);
                best[m] = Math.Min(best[m], Stopwatch.GetElapsedTime(start).TotalSeconds / runs);
            }
        }
        return best;
    }

    /// <summary>A scaled, shifted, squashed input and itself, as normalisations and gates are written.</summary>
    private static string Chain(NetworkBuilder b)
    {
        var value = b.Node("Sub", ["x", b.Uniform(0, 1, 1)]);
        value = b.Node("Mul", [value, b.Uniform(1, 0.5f, 1)]);
        value = b.Node("Add", [value, b.Uniform(0, 1, 1)]);
        value = b.Node("Relu", [value]);
        value = b.Node("Mul", [value, value]);
        value = b.Node("Sqrt", [value]);
        value = b.Node("Add", [value, "x"]);
        return b.Node("Abs", [value]);
    }

    private static System.Collections.Immutable.ImmutableArray<long> Ints(params ReadOnlySpan<long> values) => [.. values];

    private static TensorValue Numbers(long[] shape)
    {
        var random = new Random(1);
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = (random.NextSingle() * 4) - 2;
        return tensor;
    }
}
