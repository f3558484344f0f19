using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>MelWeightMatrix (ai.onnx 17): [bins of a spectrum, mel bins], triangles on the mel scale <c>2595·log10(1 + f/700)</c>.</summary>
internal sealed class MelWeightMatrix(NodeInfo node) : Operator
{
    private readonly DataType _element = node.DataType("output_datatype", DataType.Float32);

    public override void Infer(InferenceContext context)
    {
        var (mels, length) = (context.Constant(0)?.IntAt(0), context.Constant(1)?.IntAt(0));
        if (mels is < 0 or > int.MaxValue / 4 || length is < 1 or > int.MaxValue / 4) throw new ModelException($"{mels} mel bins of a transform of length {length} are not possible");
        context.SetOutput(0, _element, (length / 2) + 1 ?? context.NewSymbol(), mels ?? context.NewSymbol());
    }

    public override void Run(RunContext context)
    {
        var output = context.Output(0);
        var (bins, mels) = ((int)output[0], (int)output[1]);
        var (length, rate) = (context.Input(1).IntAt(0), context.Input(2).IntAt(0));
        var (low, high) = (Mel(context.Input(3).NumberAt(0)), Mel(context.Input(4).NumberAt(0)));
        if (rate < 1) throw new RecordException($"the sample rate is {rate}");
        var edges = new long[mels + 2];
        for (var i = 0; i < edges.Length; i++)
        {
            var hertz = 700 * (Math.Pow(10, (low + (i * (high - low) / edges.Length)) / 2595) - 1);
            var edge = Math.Floor((length + 1) * hertz / rate);
            edges[i] = edge >= 0 && edge < bins ? (long)edge : throw new RecordException($"the edge at {hertz} Hz lies outside of the spectrum of {bins} bins");
        }
        var values = new double[output.Count];
        for (var m = 0; m < mels; m++)
        {
            var (lower, center, upper) = (edges[m], edges[m + 1], edges[m + 2]);
            if (center == lower) values[(center * mels) + m] = 1;
            else for (var j = lower; j <= center; j++) values[(j * mels) + m] = (double)(j - lower) / (center - lower);
            for (var j = center; j < upper; j++) values[(j * mels) + m] = (double)(upper - j) / (upper - center);
        }
        Numbers.Write<double>(values, output);
    }

    private static double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));
}
