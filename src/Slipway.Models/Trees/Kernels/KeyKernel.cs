using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>What kernels over integer keys have in common: few rows are scored one by one, many in blocks and tree by tree.</summary>
internal abstract class KeyKernel<T, TForm>(int features, RowKeys<T> keys, LeafForm<T> leaves) : LeafKernel<T, TForm>(features, leaves)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TForm : INodeForm
{
    /// <summary>So many blocks are scored tree by tree: what a tree costs to fetch and to prepare is shared by all of them.</summary>
    private const int MaxBlocksPerPass = 16;

    /// <summary>Above this, keys no longer fit the second-level cache.</summary>
    private const int MaxBlockKeys = 64 * 1024;

    protected const int MaxStackKeys = 1024;

    protected RowKeys<T> Keys { get; } = keys;

    /// <summary>Fewer rows are scored one by one.</summary>
    protected virtual int MinBlockRows => 16;

    /// <summary>Keys of a row that may be read, although there are fewer slots.</summary>
    protected virtual int KeysRead => 0;

    protected sealed override void ScoreRows(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int count)
    {
        if (count < MinBlockRows || Keys.BlockSlots * KeyBlock.Rows > MaxBlockKeys) ScoreOneByOne(rows, rowLength, margins, count);
        else ScoreBlocks(rows, rowLength, margins, count);
    }

    /// <summary>Adds the leaves of one tree to the margins of rows in blocks.</summary>
    /// <param name="keys">See <see cref="RowKeys{T}.WriteBlock"/>.</param>
    /// <param name="keysPerBlock">From one block to the next.</param>
    /// <param name="margins">Row-major.</param>
    protected abstract unsafe void AddTree(int tree, int* keys, int keysPerBlock, Span<T> margins);

    [SkipLocalsInit]
    private unsafe void ScoreOneByOne(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int count)
    {
        var slots = Math.Max(Keys.Slots, KeysRead);
        var rented = slots > MaxStackKeys ? ArrayPool<int>.Shared.Rent(slots) : null;
        var onStack = stackalloc int[rented is null ? slots : 0];
        fixed (int* inPool = rented)
        {
            var keys = rented is null ? onStack : inPool;
            for (var row = 0; row < count; row++)
            {
                Keys.Write(rows.Slice(row * rowLength, rowLength), keys);
                ScoreRow(keys, margins.Slice(row * Outputs, Outputs));
            }
        }
        if (rented is not null) ArrayPool<int>.Shared.Return(rented);
    }

    private unsafe void ScoreBlocks(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int count)
    {
        var keysPerBlock = Keys.BlockSlots * KeyBlock.Rows;
        var rowsPerPass = KeyBlock.Rows * Math.Clamp(MaxBlockKeys / keysPerBlock, 1, Math.Min(MaxBlocksPerPass, (count + KeyBlock.Rows - 1) / KeyBlock.Rows));
        var rented = ArrayPool<int>.Shared.Rent((keysPerBlock * (rowsPerPass / KeyBlock.Rows)) + (KeyBlock.Alignment / sizeof(int)));
        fixed (int* memory = rented)
        {
            var keys = (int*)(((nuint)memory + KeyBlock.Alignment - 1) & ~(nuint)(KeyBlock.Alignment - 1));
            for (var first = 0; first < count; first += rowsPerPass)
            {
                var pass = Math.Min(rowsPerPass, count - first);
                ScorePass(rows.Slice(first * rowLength, pass * rowLength), rowLength, margins.Slice(first * Outputs, pass * Outputs), keys, keysPerBlock);
            }
        }
        ArrayPool<int>.Shared.Return(rented);
    }

    private unsafe void ScorePass(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int* keys, int keysPerBlock)
    {
        for (var at = 0; at < margins.Length; at += Outputs) Leaves.BaseMargins.CopyTo(margins[at..]);
        var block = keys;
        var blockLength = KeyBlock.Rows * rowLength;
        for (var from = 0; from < rows.Length; from += blockLength, block += keysPerBlock)
        {
            Keys.WriteBlock(rows.Slice(from, Math.Min(blockLength, rows.Length - from)), rowLength, block);
        }
        for (var tree = 0; tree < Trees; tree++) AddTree(tree, keys, keysPerBlock, margins);
    }
}
