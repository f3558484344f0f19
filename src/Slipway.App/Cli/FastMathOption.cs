using System.CommandLine;

namespace Slipway.App.Cli;

/// <summary><c>--fast-math</c>: another order of rounding than the model is written in, where that saves work.</summary>
internal sealed class FastMathOption : Option<bool>
{
    public FastMathOption() : base("--fast-math") =>
        Description = "Lets the runtime onnx round in another order than the model is written in, where that saves work: last bits differ, threads and batches still change none.";
}
