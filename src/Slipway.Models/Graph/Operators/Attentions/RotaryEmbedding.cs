using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// RotaryEmbedding (ai.onnx 23): pairs of elements of each vector turned by angles that depend on its position (Su et al. 2021). The pairs are the halves of the vector, or neighbours.
/// Cosines and sines [positions, pairs] are chosen by <c>position_ids</c> [batch, sequence]; without these they are [batch, sequence, pairs].
/// </summary>
internal sealed class RotaryEmbedding(NodeInfo node) : NormalizationOperator
{
    private readonly long _heads = node.Int("num_heads", 0);
    private readonly long _rotated = node.Int("rotary_embedding_dim", 0);
    private readonly bool _neighbours = node.Flag("interleaved");

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), context.Shape(0));

    protected override void Run<T>(RunContext context)
    {
        var layout = HeadLayout.Of(context.Input(0), _heads);
        var rotated = _rotated == 0 ? layout.Size : _rotated;
        if (rotated < 0 || rotated > layout.Size || rotated % 2 != 0) throw new RecordException($"{rotated} elements of vectors of {layout.Size} cannot be rotated in pairs");
        var pairs = (int)rotated / 2;
        var cosines = Table(context, 1, layout, pairs);
        var sines = Table(context, 2, layout, pairs);
        var positions = context.OptionalInput(3);
        var rows = (int)(cosines.Count / Math.Max(pairs, 1));
        var x = context.Input(0).Values<T>();
        var y = context.Output(0).Values<T>();
        for (var batch = 0; batch < layout.Batch; batch++)
        {
            for (var step = 0; step < layout.Sequence; step++)
            {
                var place = batch * layout.Sequence + step;
                var row = positions?.IntAt(place) ?? place;
                if (row < 0 || row >= rows) throw new RecordException($"position {row} is outside of a table of {rows}");
                var cosine = cosines.Values<T>().Slice((int)row * pairs, pairs);
                var sine = sines.Values<T>().Slice((int)row * pairs, pairs);
                for (var head = 0; head < layout.Heads; head++)
                {
                    var start = layout.Start(batch, head) + step * layout.Step;
                    Turn<T>(x.Slice(start, layout.Size), y.Slice(start, layout.Size), cosine, sine);
                }
            }
        }
    }

    private static TensorValue Table(RunContext context, int input, HeadLayout layout, int pairs)
    {
        var table = context.Input(input);
        var byPosition = context.OptionalInput(3);
        var fits = byPosition is not null
            ? table.Rank == 2 && table[1] == pairs && byPosition.Count == layout.Batch * layout.Sequence
            : table.Count == (long)layout.Batch * layout.Sequence * pairs;
        return fits && table.Element == context.Input(0).Element ? table
            : throw new RecordException($"{(byPosition is not null ? $"[positions, {pairs}] and {layout.Batch} × {layout.Sequence} positions" : $"[{layout.Batch}, {layout.Sequence}, {pairs}]")} are expected, {table.Type} is given");
    }

    private void Turn<T>(ReadOnlySpan<T> x, Span<T> y, ReadOnlySpan<T> cosine, ReadOnlySpan<T> sine) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var pairs = cosine.Length;
        for (var i = 0; i < pairs; i++)
        {
            var (first, second) = _neighbours ? (2 * i, 2 * i + 1) : (i, i + pairs);
            var (a, b) = (x[first], x[second]);
            y[first] = cosine[i] * a - sine[i] * b;
            y[second] = sine[i] * a + cosine[i] * b;
        }
        x[(2 * pairs)..].CopyTo(y[(2 * pairs)..]);
    }
}
