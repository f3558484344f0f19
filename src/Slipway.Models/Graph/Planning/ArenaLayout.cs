namespace Slipway.Models.Graph;

/// <summary>A piece of memory that is needed from one step to another, both included.</summary>
internal readonly record struct Block(long Bytes, int First, int Last);

/// <summary>Places blocks in one arena so that no two that are needed at the same time overlap: the largest first, each at the lowest place that is free.</summary>
internal static class ArenaLayout
{
    /// <summary>The offset of every block, and how large the arena must be.</summary>
    public static long[] Place(ReadOnlySpan<Block> blocks, out long size)
    {
        var order = new int[blocks.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var copy = blocks.ToArray();
        Array.Sort(order, (a, b) => copy[a].Bytes != copy[b].Bytes ? copy[b].Bytes.CompareTo(copy[a].Bytes) : a.CompareTo(b));
        var offsets = new long[blocks.Length];
        var placed = new List<int>(blocks.Length);
        size = 0;
        foreach (var index in order)
        {
            var (bytes, first, last) = blocks[index];
            var length = Align(bytes);
            long offset = 0;
            // Those already placed are kept in the order of their offsets: the first gap that is wide enough is taken.
            foreach (var other in placed)
            {
                if (blocks[other].First > last || blocks[other].Last < first) continue;
                if (offset + length <= offsets[other]) break;
                offset = Math.Max(offset, offsets[other] + Align(blocks[other].Bytes));
            }
            offsets[index] = offset;
            var at = placed.FindIndex(p => offsets[p] > offset);
            placed.Insert(at < 0 ? placed.Count : at, index);
            size = Math.Max(size, offset + length);
        }
        return offsets;
    }

    private static long Align(long bytes) => (bytes + AlignedMemory.Alignment - 1) & -AlignedMemory.Alignment;
}
