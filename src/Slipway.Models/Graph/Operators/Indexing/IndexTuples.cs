using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>What GatherND and ScatterND know of their last dimension: each tuple of positions points to a slice of the data.</summary>
internal static class IndexTuples
{
    /// <summary>The shape of the slices that tuples choose: indices without the last dimension, then the data's dimensions after those that are chosen.</summary>
    /// <returns>Null when it is not known.</returns>
    public static Shape? Slices(Shape? data, Shape? indices, int batch)
    {
        if (data is null || indices is null) return null;
        if (indices.Rank == 0) throw new ModelException("indices must have at least one dimension");
        if (batch < 0 || batch >= Math.Min(data.Rank, indices.Rank)) throw new ModelException($"{batch} batch dimensions are too many for data {data} and indices {indices}");
        for (var d = 0; d < batch; d++)
        {
            if (data[d] >= 0 && indices[d] >= 0 && data[d] != indices[d]) throw new ModelException($"data {data} and indices {indices} differ in batch dimension {d}");
        }
        var depth = indices[indices.Rank - 1];
        if (depth < 0) return null;
        if (batch + depth > data.Rank) throw new ModelException($"indices {indices} point {depth} dimensions deep into data {data}");
        return new Shape([.. indices.Span[..^1], .. data.Span[(batch + (int)depth)..]]);
    }

    /// <summary>Where the slice begins to which a tuple points, in elements from the beginning of its batch.</summary>
    public static int Offset(in IndexReader indices, int tuple, ReadOnlySpan<long> sizes, int sliceSize)
    {
        long offset = 0;
        for (var d = 0; d < sizes.Length; d++) offset = offset * sizes[d] + indices.At(tuple * sizes.Length + d, sizes[d]);
        return (int)(offset * sliceSize);
    }
}
