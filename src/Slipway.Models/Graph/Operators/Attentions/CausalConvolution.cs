using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// CausalConvWithState (ai.onnx 27): each channel of [batch, channels, length] by its own kernel over itself and what came before: the past state, or zeros.
/// The new state is the last <c>kernel - 1</c> elements. Products are summed in float64 from the oldest.
/// </summary>
internal sealed class CausalConvolution(NodeInfo node) : NormalizationOperator
{
    private readonly bool _silu = node.Text("activation", "none") switch
    {
        "none" or "" => false,
        "silu" or "swish" => true,
        var other => throw node.Wrong($"activation must be none, silu or swish, it is '{other}'"),
    };

    public override void Infer(InferenceContext context)
    {
        var (input, weight) = (context.Shape(0), context.Shape(1));
        if (input is { Rank: not 3 } || weight is { Rank: not 3 }) throw new ModelException($"an input [batch, channels, length] and a weight [channels, 1, kernel] are expected, {input} and {weight} are given");
        if (input is not null && weight is not null && input[1] >= 0 && weight[0] >= 0 && input[1] != weight[0]) throw new ModelException($"the input {input} has {input[1]} channels, the weight {weight} has {weight[0]}");
        context.SetOutput(0, context.Element(0), input);
        context.SetOutput(1, context.Element(0), input is null || weight is null ? null : Shape.Of(input[0], input[1], weight[2] >= 0 ? weight[2] - 1 : context.NewSymbol()));
    }

    protected override void Run<T>(RunContext context)
    {
        var input = context.Input(0);
        var weight = context.Input(1);
        int channels = (int)input[1], length = (int)input[2], kernel = (int)weight[2];
        var before = kernel - 1;
        if (kernel < 1 || weight[1] != 1) throw new RecordException($"a weight [{channels}, 1, kernel] is expected, {weight.Type} is given");
        var bias = context.OptionalInput(2);
        if (bias is not null && bias.Count != channels) throw new RecordException($"{channels} biases are expected, {bias.Type} is given");
        var past = context.OptionalInput(3);
        if (past is not null && past.Count != input[0] * channels * before) throw new RecordException($"a state [{input[0]}, {channels}, {before}] is expected, {past.Type} is given");
        for (var plane = 0; plane < input[0] * channels; plane++)
        {
            var channel = plane % channels;
            var x = input.Values<T>().Slice(plane * length, length);
            var state = past is null ? default : past.Values<T>().Slice(plane * before, before);
            var taps = weight.Values<T>().Slice(channel * kernel, kernel);
            if (context.HasOutput(0))
            {
                var y = context.Output(0).Values<T>().Slice(plane * length, length);
                for (var i = 0; i < y.Length; i++)
                {
                    double sum = 0;
                    for (var k = 0; k < kernel; k++) sum += At(x, state, i + k - before) * double.CreateTruncating(taps[k]);
                    sum += bias?.NumberAt(channel) ?? 0;
                    y[i] = T.CreateTruncating(_silu ? sum / (1 + Math.Exp(-sum)) : sum);
                }
            }
            if (!context.HasOutput(1)) continue;
            var next = context.Output(1).Values<T>().Slice(plane * before, before);
            for (var i = 0; i < before; i++) next[i] = T.CreateTruncating(At(x, state, length - before + i));
        }
    }

    /// <summary>The element at a place that is below 0 in the past.</summary>
    private static double At<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> state, int place) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        place >= 0 ? double.CreateTruncating(x[place]) : state.IsEmpty ? 0 : double.CreateTruncating(state[state.Length + place]);
}
