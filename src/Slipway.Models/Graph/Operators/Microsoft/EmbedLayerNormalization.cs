using System.Numerics.Tensors;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// EmbedLayerNormalization: the rows of a word, its position and its segment [vocabulary, size] added up and normalised. Inputs word ids and segment ids [batch, sequence], the tables of words, positions and
/// segments, gamma, beta, mask [batch, sequence], position ids. Outputs the rows [batch, sequence, size], how many words of each sequence the mask counts, and the sums before they were normalised.
/// </summary>
internal sealed class EmbedLayerNormalization : FloatOperator
{
    private const int Segment = 1, Words = 2, Places = 3, Segments = 4, Gamma = 5, Beta = 6, Mask = 7, Positions = 8;

    private readonly float _epsilon;

    public EmbedLayerNormalization(NodeInfo node)
    {
        foreach (var input in (ReadOnlySpan<int>)[Words, Places, Gamma, Beta])
        {
            if (!node.HasInput(input)) throw node.Wrong($"input {input} is missing");
        }
        _epsilon = node.Float("epsilon", 1e-12f);
    }

    public override void Infer(InferenceContext context)
    {
        var (ids, words) = (context.Shape(0), context.Shape(Words));
        if (ids is { Rank: not 2 } || words is { Rank: not 2 }) throw new ModelException($"ids [batch, sequence] and a table [words, size] are expected, {ids} and {words} are given");
        var (batch, sequence) = ids is null ? (context.NewSymbol(), context.NewSymbol()) : (ids[0], ids[1]);
        var size = words is null ? context.NewSymbol() : words[1];
        context.SetOutput(0, context.Element(Words), batch, sequence, size);
        context.SetOutput(1, DataType.Int32, batch);
        context.SetOutput(2, context.Element(Words), batch, sequence, size);
    }

    protected override long ComputeScratchBytes(RunContext context) => context.HasOutput(2) ? 0 : sizeof(float) * (long)context.Output(0).Count;

    protected override void Compute(RunContext context)
    {
        var (ids, y, mask) = (context.Input(0), context.Output(0), context.OptionalInput(Mask));
        if (mask is not null && !mask.Shape.SequenceEqual(ids.Shape)) throw new RecordException($"a mask of the shape of the ids {ids.Type} is expected, {mask.Type} is given");
        if (context.HasOutput(1))
        {
            var counts = context.Output(1).Values<int>();
            for (var item = 0; item < counts.Length; item++)
            {
                counts[item] = 0;
                for (var i = 0; mask is not null && i < ids[1]; i++) counts[item] += mask.IntAt((int)((item * ids[1]) + i)) == 1 ? 1 : 0;
            }
        }
        if (y.Count == 0) return;
        var (words, places, segments) = (context.Input(Words), context.Input(Places), context.OptionalInput(Segments));
        var (sequence, size) = ((int)ids[1], (int)words[1]);
        var (segment, positions) = (context.OptionalInput(Segment), context.OptionalInput(Positions));
        if ((segment is null) != (segments is null) || (segment is not null && segment.Count != ids.Count)) throw new RecordException("segment ids of the shape of the word ids and their table come together");
        if (positions is not null && positions.Count != ids.Count && positions.Count != sequence) throw new RecordException($"positions [{ids[0]} or 1,{sequence}] are expected, {positions.Type} is given");
        var sums = context.HasOutput(2) ? context.Output(2).Values<float>() : System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(context.Scratch)[..y.Count];
        for (var i = 0; i < ids.Count; i++)
        {
            var row = sums.Slice(i * size, size);
            TensorPrimitives.Add(Row(words, ids.IntAt(i), size, "word"), Row(places, positions is null ? i % sequence : positions.IntAt(i % positions.Count), size, "position"), row);
            if (segments is not null) TensorPrimitives.Add(row, Row(segments, segment!.IntAt(i), size, "segment"), row);
        }
        var (gamma, beta) = (context.Input(Gamma), context.Input(Beta));
        if (gamma.Count != size || beta.Count != size) throw new RecordException($"gamma and beta have {size} elements, {gamma.Type} and {beta.Type} are given");
        LayerNorm.Run<float>(sums, y.Values<float>(), size, gamma.Values<float>(), beta.Values<float>(), _epsilon, default, default, context.Threads);
    }

    private static ReadOnlySpan<float> Row(TensorValue table, long id, int size, string what) => table.Rank == 2 && table[1] == size && id >= 0 && id < table[0]
        ? table.Values<float>().Slice((int)id * size, size)
        : throw new RecordException($"there is no {what} {id} in a table {table.Type} of rows of {size}");
}
