using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// MeanVarianceNormalization: <c>(x - mean) / (deviation + 1e-9)</c> over some axes; without <c>axes</c> over all but the channels.
/// The experimental operator before operator set 9 may have <c>across_channels</c> and <c>normalize_variance</c> instead.
/// </summary>
internal sealed class MeanVarianceNormalization(NodeInfo node) : NormalizationOperator
{
    private const double Epsilon = 1e-9;
    private readonly long[]? _axes = node.Has("across_channels") || node.Has("normalize_variance") ? null : node.Ints("axes") ?? [0, 2, 3];
    private readonly bool _acrossChannels = node.Flag("across_channels");
    private readonly bool _byDeviation = node.Flag("normalize_variance", true);

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } shape) Mark(stackalloc bool[shape.Rank]);
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    protected override void Run<T>(RunContext context)
    {
        var input = context.Input(0);
        Span<bool> reduced = stackalloc bool[input.Rank];
        Mark(reduced);
        var walk = new ReductionWalk(input.Shape, reduced, stackalloc int[4 * input.Rank]);
        var x = input.Values<T>();
        var y = context.Output(0).Values<T>();
        if (y.Length == 0) return;
        for (var group = 0; group < walk.KeptCount; group++)
        {
            var start = walk.Start(group);
            double sum = 0, squares = 0;
            for (var i = 0; i < walk.ReducedCount; i++) sum += double.CreateTruncating(x[start + Offset(walk, i)]);
            var mean = sum / walk.ReducedCount;
            for (var i = 0; i < walk.ReducedCount; i++)
            {
                var distance = double.CreateTruncating(x[start + Offset(walk, i)]) - mean;
                squares += distance * distance;
            }
            var scale = _byDeviation ? 1 / (Math.Sqrt(squares / walk.ReducedCount) + Epsilon) : 1;
            for (var i = 0; i < walk.ReducedCount; i++)
            {
                var at = start + Offset(walk, i);
                y[at] = T.CreateTruncating((double.CreateTruncating(x[at]) - mean) * scale);
            }
        }
    }

    private static int Offset(in ReductionWalk walk, int index) => walk.RunStart(index / walk.RunLength) + index % walk.RunLength * walk.RunStep;

    private void Mark(Span<bool> reduced)
    {
        if (_axes is null)
        {
            if (reduced.Length < 2) throw new ModelException($"a tensor of channels [n, c, …] is expected, one of rank {reduced.Length} is given");
            reduced.Fill(true);
            reduced[0] = false;
            reduced[1] = _acrossChannels;
            return;
        }
        reduced.Clear();
        foreach (var axis in _axes) reduced[InferenceContext.Axis(axis, reduced.Length)] = true;
    }
}
