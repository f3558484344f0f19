using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// Dropout: at inference its input, with a mask of ones. In training (third input, from operator set 12 on) elements are dropped with probability <c>ratio</c>
/// and the others made larger, so that the mean stays. Before operator set 12 it is always inference.
/// </summary>
internal sealed class Dropout(NodeInfo node) : FloatOperator
{
    private readonly ulong _seed = ChanceSequence.SeedOf(node);
    private readonly DataType _mask = node.Version < 10 ? DataType.Undefined : DataType.Bool;
    private readonly bool _mayTrain = node.HasInput(2);
    private readonly bool _hasMask = node.HasOutput(1);

    public override bool CanOverwrite(int input) => input == 0;

    public override int AliasedInput => _mayTrain || _hasMask ? -1 : 0;

    public override bool IsDeterministic => !_mayTrain;

    public override void Infer(InferenceContext context)
    {
        context.SetOutput(0, context.Element(0), context.Shape(0));
        context.SetOutput(1, _mask == DataType.Undefined ? context.Element(0) : _mask, context.Shape(0));
    }

    protected override void Compute(RunContext context)
    {
        var x = context.Input(0);
        var ratio = context.OptionalInput(1) is { } given ? Single(given).NumberAt(0) : 0.5;
        var isTraining = _mayTrain && Single(context.Input(2)).IntAt(0) != 0 && ratio != 0;
        if (isTraining && ratio is not (>= 0 and < 1)) throw new RecordException($"the ratio must be at least 0 and below 1, it is {ratio}");
        var mask = context.HasOutput(1) ? context.Output(1) : null;
        if (!isTraining)
        {
            if (context.HasOutput(0)) x.Bytes.CopyTo(context.Output(0).Bytes);
            var ones = new Mask(new ChanceSequence(_seed), 0);
            if (mask is not null) NumberSetter.Fill(mask, ref ones);
            return;
        }
        var drop = new Mask(new ChanceSequence(_seed), ratio);
        if (mask is not null)
        {
            NumberSetter.Fill(mask, ref drop);
            drop = new Mask(new ChanceSequence(_seed), ratio);
        }
        if (!context.HasOutput(0)) return;
        var scale = 1 / (1 - ratio);
        if (x.Element == DataType.Float32) Drop(x.Values<float>(), context.Output(0).Values<float>(), ref drop, (float)scale);
        else Drop(x.Values<double>(), context.Output(0).Values<double>(), ref drop, scale);
    }

    private static void Drop<T>(ReadOnlySpan<T> x, Span<T> y, ref Mask mask, T scale) where T : System.Numerics.INumber<T>
    {
        for (var i = 0; i < y.Length; i++) y[i] = mask.Next() == 0 ? T.Zero : x[i] * scale;
    }

    private static TensorValue Single(TensorValue tensor) => tensor.Count == 1 ? tensor : throw new RecordException($"one value is expected, {tensor.Type} is given");

    private struct Mask(ChanceSequence chance, double ratio) : INumberSource
    {
        private ChanceSequence _chance = chance;

        public double Next() => _chance.Uniform() >= ratio ? 1 : 0;
    }
}
