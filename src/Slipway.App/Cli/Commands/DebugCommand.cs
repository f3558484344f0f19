using System.CommandLine;
using System.Globalization;
using Slipway.Models;
using Slipway.Models.Onnx;
using Slipway.Models.Packages;
using Slipway.Models.Parity;

namespace Slipway.App.Cli.Commands;

/// <summary><c>slipway debug diff MODEL</c>: both ONNX engines node by node, and where they part.</summary>
public static class DebugCommand
{
    private sealed record Answer(string Path, bool Agrees, EngineComparison Comparison);

    public static Command Create()
    {
        var command = new Verb("debug", "Looks into models.", "slipway debug diff model.onnx");
        command.Subcommands.Add(Diff());
        return command;
    }

    private static Verb Diff()
    {
        var path = new Argument<string>("MODEL") { Description = "An ONNX file or a package with one." };
        var input = new Option<string[]>("--input") { HelpName = "FILE", AllowMultipleArgumentsPerToken = true, Description = "The inputs: a folder with input_0.pb, … (test_data_set_0), an .npz file with an array for each input, or .pb files in the order of the inputs. Absent: drawn by chance.", DefaultValueFactory = _ => [] };
        var seed = new Option<int>("--seed") { HelpName = "N", Description = "The seed of inputs that are drawn.", DefaultValueFactory = _ => 0 };
        var size = new Option<int>("--size") { HelpName = "N", Description = "What drawn inputs have for dimensions that the model leaves open.", DefaultValueFactory = _ => 2 };
        size.Validators.Add(result =>
        {
            if (result.GetValue(size) < 1) result.AddError("--size is a number from 1");
        });
        var relative = new Option<double>("--rtol") { HelpName = "R", Description = "Relative tolerance.", DefaultValueFactory = _ => 1e-3 };
        var absolute = new Option<double>("--atol") { HelpName = "A", Description = "Absolute tolerance.", DefaultValueFactory = _ => 1e-5 };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new Verb("diff", "Runs an ONNX model on Slipway's engine and on the native runtime, and tells the first node whose outputs differ. Exit code 0 when all agree, 1 when not.",
            "slipway debug diff model.onnx", "slipway debug diff model.onnx --input test_data_set_0 --rtol 1e-5") { path, input, seed, size, relative, absolute, json };
        command.SetAction(parsed =>
        {
            var given = parsed.GetRequiredValue(path);
            var model = File.Exists(given) ? given : ModelPackage.Open(given, Runtimes.Default).ArtifactPath;
            var tolerance = new Tolerance(parsed.GetValue(relative), parsed.GetValue(absolute));
            var comparison = EngineDiff.Run(model, parsed.GetRequiredValue(input), tolerance, parsed.GetValue(seed), parsed.GetValue(size));
            if (parsed.GetValue(json)) Terminal.WriteJson(new Answer(given, comparison.Agrees, comparison));
            else Write(given, comparison);
            return comparison.Agrees ? CommandLine.Ok : CommandLine.Failed;
        });
        return command;
    }

    private static void Write(string path, EngineComparison comparison)
    {
        Terminal.Line(path);
        Terminal.Facts(
        [
            ("inputs", comparison.Inputs),
            ("values", comparison.Random == 0 ? Text(comparison.Values) : $"{comparison.Values}, of {comparison.Random} random ones the types only"),
            ("tolerance", $"relative {Text(comparison.Tolerance.Relative)}, absolute {Text(comparison.Tolerance.Absolute)}"),
            ("differing", Text(comparison.Differing)),
            ("worst", $"{comparison.Worst.ToString("g3", CultureInfo.InvariantCulture)} of what is allowed"),
        ]);
        if (comparison.Agrees) Terminal.Line("all agree, and so do the outputs of the optimised graph");
        if (comparison.First is { } first) Write("first difference", first);
        if (comparison.Optimised is { } output) Write("optimised", output);
    }

    private static void Write(string title, NodeDifference at)
    {
        Terminal.Line(title);
        List<(string, string)> facts = [("node", at.Node), ("output", $"{at.Value} {at.Type}")];
        var difference = at.Difference;
        if (difference.Reason is { } reason) facts.Add(("differs", reason));
        if (difference.Elements > 0)
        {
            facts.Add(("worst element", $"[{string.Join(',', difference.Element)}]: {Text(difference.Onnx)} on onnx, {Text(difference.OnnxRuntime)} on onnxruntime"));
            facts.Add(("apart", $"{Text(Math.Abs(difference.Onnx - difference.OnnxRuntime))}, {Text(difference.Allowed)} allowed"));
            facts.Add(("elements", $"{difference.Beyond} of {difference.Elements}"));
        }
        facts.AddRange(at.NodeInputs.Select((input, i) => ($"input {i}", input)));
        Terminal.Facts(facts);
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
