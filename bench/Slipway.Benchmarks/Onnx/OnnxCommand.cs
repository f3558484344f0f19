using System.Globalization;

namespace Slipway.Benchmarks.Onnx;

/// <summary>The arguments that begin with <c>--onnx</c>.</summary>
internal static class OnnxCommand
{
    public static int Run(string[] arguments) => arguments switch
    {
        ["--onnx"] => OnnxSpeed.Run("", ""),
        ["--onnx", "--only", var part] => OnnxSpeed.Run("", part),
        ["--onnx", var corpus] => OnnxSpeed.Run(corpus, ""),
        ["--onnx", var corpus, "--only", var part] => OnnxSpeed.Run(corpus, part),
        ["--onnx-alone"] => OnnxAlone.Run(""),
        ["--onnx-alone", "--only", var part] => OnnxAlone.Run(part),
        ["--onnx-load"] => OnnxLoad.Run(),
        [OnnxLoad.Child, var path] => OnnxLoad.Measure(path),
        [OnnxMemory.Child, var what, var path, var name] => OnnxMemory.Measure(what, path, name),
        ["--onnx-profile", var name, .. var rest] when rest.Length <= 3 => OnnxProfile.Run(name, rest is [_, _, var corpus] ? corpus : "", Number(rest, 0), Number(rest, 1)),
        ["--onnx-passes", .. var rest] when rest.Length <= 1 => PassSpeed.Run(rest is [var part] ? part : ""),
        _ => Wrong(),
    };

    private static int Number(string[] rest, int index) => index < rest.Length ? int.Parse(rest[index], CultureInfo.InvariantCulture) : 1;

    private static int Wrong()
    {
        Console.Error.WriteLine("usage: --onnx [DIR] [--only PART] | --onnx-alone [--only PART] | --onnx-load | --onnx-profile MODEL [ROWS [THREADS [DIR]]] | --onnx-passes [PART]");
        return 2;
    }
}
