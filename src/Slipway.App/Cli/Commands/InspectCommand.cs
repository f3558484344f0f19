using System.CommandLine;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Onnx;
using Slipway.Models.Packages;

namespace Slipway.App.Cli.Commands;

/// <summary><c>slipway inspect PATH</c>: what a model file says of itself.</summary>
public static class InspectCommand
{
    private sealed record Answer(string Path, string Format, string Runtime, IReadOnlyDictionary<string, string> Facts,
        IReadOnlyList<TensorSpec> Inputs, IReadOnlyList<TensorSpec> Outputs, RowRelation? Rows, IReadOnlyList<FeatureSplits> Splits, IReadOnlyList<string> Unsupported);

    private const int MostSplits = 20;
    private const string Text = "text";
    private const string Dot = "dot";

    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "A model file or a package folder." };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var graph = new Option<string?>("--graph") { HelpName = "text|dot", Arity = ArgumentArity.ZeroOrOne, Description = "Prints the graph of an ONNX model instead, with types and shapes: as text, one line a node, or for Graphviz." };
        graph.AcceptOnlyFromAmong(Text, Dot);
        var passes = new Option<bool>("--passes") { Description = "With --graph: prints it again after each pass of the optimiser that changes it; the last is what runs." };
        var runtime = new RuntimeOption();
        var fastMath = new FastMathOption();
        var command = new Verb("inspect", "Says what a model file holds: format, signature, size, what is unsupported and where.",
            "slipway inspect model.json", "slipway inspect model.onnx --graph --passes", "slipway inspect model.onnx --graph dot | dot -Tsvg > model.svg") { path, json, graph, passes, runtime, fastMath };
        command.SetAction(parsed =>
        {
            var asGraph = parsed.GetResult(graph) is not null;
            if (asGraph && parsed.GetValue(json)) throw new UsageException("--graph is text or dot: --json does not go with it.");
            if (parsed.GetValue(passes) && !asGraph) throw new UsageException("--passes goes with --graph.");
            if (parsed.GetValue(fastMath) && !parsed.GetValue(passes)) throw new UsageException("--fast-math goes with --graph --passes.");
            var package = ModelPackage.Open(parsed.GetRequiredValue(path), runtime.Catalog(parsed));
            if (!asGraph) return Run(parsed.GetRequiredValue(path), package, parsed.GetValue(json));
            GraphPrinter.Print(package.ArtifactPath, parsed.GetValue(graph) == Dot ? GraphNotation.Graphviz : GraphNotation.Text, parsed.GetValue(passes), Console.Out, parsed.GetValue(fastMath));
            return CommandLine.Ok;
        });
        return command;
    }

    private static int Run(string path, ModelPackage package, bool json)
    {
        var description = package.Describe();
        if (json)
        {
            Terminal.WriteJson(new Answer(path, description.Format, description.Runtime, description.Facts.ToDictionary(), description.Signature?.Inputs ?? [], description.Signature?.Outputs ?? [], description.Signature?.Rows, description.Splits, description.Unsupported));
            return description.Unsupported.IsEmpty ? CommandLine.Ok : CommandLine.Failed;
        }
        Terminal.Line(path);
        Terminal.Facts([("format", description.Format), ("runtime", description.Runtime), .. description.Facts.Select(f => (f.Key, f.Value)), .. AboutRows(description.Signature)]);
        WriteSplits(description.Splits);
        if (description.Signature is { } signature)
        {
            WriteTensors("inputs", signature.Inputs);
            WriteTensors("outputs", signature.Outputs);
        }
        if (description.Unsupported.IsEmpty) return CommandLine.Ok;
        Terminal.Line("unsupported");
        foreach (var part in description.Unsupported) Terminal.Line($"  {part}");
        return CommandLine.Failed;
    }

    private static IEnumerable<(string, string)> AboutRows(Signature? signature) => signature?.Rows switch
    {
        RowRelation.Ordered => [("rows", "ordered: each is answered by the rows before it too")],
        RowRelation.Grouped => [("rows", "grouped: answers are not one a row")],
        _ => [],
    };

    private static void WriteSplits(IReadOnlyList<FeatureSplits> splits)
    {
        if (splits.Count == 0) return;
        var gains = splits[0].Gain is not null;
        Terminal.Line("splits");
        Terminal.Aligned(gains ? ["FEATURE", "ASKED FOR", "SPLITS", "GAIN"] : ["FEATURE", "ASKED FOR", "SPLITS"], splits.Take(MostSplits).Select(Row), numbersFrom: 2);
        if (splits.Count > MostSplits) Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  and {splits.Count - MostSplits} others, {splits.Skip(MostSplits).Sum(s => (long)s.Splits)} splits"));

        IReadOnlyList<string> Row(FeatureSplits feature)
        {
            var asked = feature.ByCategory == 0 ? "thresholds" : feature.ByCategory == feature.Splits ? "categories" : "both";
            var count = feature.Splits.ToString(CultureInfo.InvariantCulture);
            return gains ? [feature.Feature, asked, count, feature.Gain!.Value.ToString("G6", CultureInfo.InvariantCulture)] : [feature.Feature, asked, count];
        }
    }

    private static void WriteTensors(string title, IEnumerable<TensorSpec> specs)
    {
        Terminal.Line(title);
        foreach (var spec in specs)
        {
            var shape = string.Join(", ", spec.Shape.Select(d => d < 0 ? "any" : d.ToString()));
            Terminal.Line($"  {spec.Name}  {spec.Type.ProtocolName}[{shape}]{(spec.Optional ? "  may be missing" : "")}");
            if (!spec.Columns.IsEmpty) Terminal.Line($"    columns: {string.Join(", ", spec.Columns)}");
            if (!spec.AllowedValues.IsEmpty) Terminal.Line($"    allowed: {string.Join(", ", spec.AllowedValues)}");
        }
    }
}
