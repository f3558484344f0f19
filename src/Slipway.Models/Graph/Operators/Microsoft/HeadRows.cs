using System.Numerics.Tensors;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Where the rows of the heads of sequences stand in memory; strides are in elements.</summary>
/// <param name="Start">The first element.</param>
internal readonly record struct HeadRows(int Batch, int Heads, int Rows, int Size, int Start, RowStrides Strides)
{
    /// <summary>[batch, heads, rows, size].</summary>
    public static HeadRows Separate(int batch, int heads, int rows, int size, int start = 0) => new(batch, heads, rows, size, start, new RowStrides(checked(heads * rows * size), rows * size, size));

    /// <summary>[batch, rows, width], where the heads are neighbours from <paramref name="start"/> on.</summary>
    public static HeadRows Joined(int batch, int heads, int rows, int size, int width, int start = 0) => new(batch, heads, rows, size, start, new RowStrides(checked(rows * width), size, width));

    /// <summary>Some rows of each head.</summary>
    public HeadRows From(int row, int rows) => this with { Start = Start + (row * Strides.Row), Rows = rows };

    public long Count => (long)Batch * Heads * Rows * Size;

    /// <summary>Copies rows to where as many of as many heads stand, and adds a bias to them.</summary>
    /// <param name="bias">None, or [heads · size].</param>
    public void CopyTo(ReadOnlySpan<float> from, ReadOnlySpan<float> bias, Span<float> to, HeadRows target)
    {
        for (var batch = 0; batch < Batch; batch++)
        {
            for (var head = 0; head < Heads; head++)
            {
                var (read, write) = (Start + (batch * Strides.Batch) + (head * Strides.Head), target.Start + (batch * target.Strides.Batch) + (head * target.Strides.Head));
                for (var row = 0; row < Rows; row++, read += Strides.Row, write += target.Strides.Row)
                {
                    var x = from.Slice(read, Size);
                    var y = to.Slice(write, Size);
                    if (bias.IsEmpty) x.CopyTo(y);
                    else TensorPrimitives.Add(x, bias.Slice(head * Size, Size), y);
                }
            }
        }
    }
}

/// <summary>What is added to the scores of an attention: a mask of integers, which hides keys by a large negative number, and a bias of floats.</summary>
/// <param name="mask">[batch] ends of the keys that count, [2 · batch] ends and then starts, [batch, keys], [batch, queries, keys] or [batch, 1, length, length] of 0 and 1; or null.</param>
/// <param name="bias">[batch or 1, heads or 1, queries, keys], or null.</param>
/// <param name="past">Keys before those of the first query.</param>
internal readonly struct AttentionMask(TensorValue? mask, TensorValue? bias, int batch, int heads, int queries, int keys, int past)
{
    /// <summary>Elements of scratch memory that the sum of both needs; 0 where the bias serves as it is.</summary>
    public int ScratchLength => mask is null ? 0 : checked(batch * BiasHeads * queries * keys);

    private int BiasHeads => bias is { Rank: 4 } ? (int)bias[1] : 1;

    /// <exception cref="RecordException">Mask or bias do not have their shape.</exception>
    public void Check()
    {
        if (bias is not null && (bias.Rank != 4 || (bias[0] != 1 && bias[0] != batch) || (bias[1] != 1 && bias[1] != heads) || bias[2] != queries || bias[3] != keys)) throw new RecordException($"an attention bias [{batch} or 1, {heads} or 1, {queries}, {keys}] is expected, {bias.Type} is given");
        if (mask is null) return;
        var fits = mask.Element == DataType.Int32 && mask.Rank switch
        {
            1 => mask.Count == batch || mask.Count == 2 * batch,
            2 => mask[0] == batch && mask[1] == keys,
            3 => mask[0] == batch && mask[1] == queries && mask[2] == keys,
            4 => mask[0] == batch && mask[1] == 1 && mask[2] >= past + queries && mask[3] >= keys,
            _ => false,
        };
        if (!fits) throw new RecordException($"a mask [{batch}], [{2 * batch}], [{batch}, {keys}], [{batch}, {queries}, {keys}] or [{batch}, 1, length, length] of int32 is expected, {mask.Type} is given");
    }

    /// <summary>The numbers to add, with their strides; empty where there are none.</summary>
    /// <param name="filter">What hides a key.</param>
    public ReadOnlySpan<float> Build(float filter, Span<float> scratch, out RowStrides strides)
    {
        strides = new RowStrides(BiasHeads * queries * keys, BiasHeads == 1 ? 0 : queries * keys, keys);
        if (mask is null)
        {
            if (bias is null) return default;
            if (bias[0] == 1) strides = strides with { Batch = 0 };
            return bias.Values<float>();
        }
        var flags = mask.Values<int>();
        var sums = scratch[..ScratchLength];
        for (var i = 0; i < sums.Length / keys; i++)
        {
            var (rest, query) = Math.DivRem(i, queries);
            var (item, head) = Math.DivRem(rest, BiasHeads);
            var row = sums.Slice(i * keys, keys);
            if (bias is null) row.Clear();
            else bias.Values<float>().Slice(((((bias[0] == 1 ? 0 : item) * BiasHeads) + head) * queries + query) * keys, keys).CopyTo(row);
            if (mask.Rank == 1)
            {
                var end = Math.Clamp(flags[item], 0, keys);
                var start = mask.Count == batch ? 0 : Math.Clamp(flags[batch + item], 0, keys);
                for (var key = 0; key < keys; key++) row[key] += key < start || key >= end ? filter : 0;
                continue;
            }
            var line = mask.Rank switch
            {
                2 => flags.Slice(item * keys, keys),
                3 => flags.Slice(((item * queries) + query) * keys, keys),
                _ => flags.Slice((int)(((item * mask[2]) + past + query) * mask[3]), keys),
            };
            for (var key = 0; key < keys; key++) row[key] += line[key] > 0 ? 0 : filter;
        }
        return sums;
    }
}
