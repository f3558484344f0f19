using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Features of any kind as <see cref="OrderOrSetTest"/> wants them (and <see cref="OrderTest"/>, when all are numeric): numbers by their rank among the
/// thresholds of their feature, which decides every comparison exactly, categories by their class. A number has a slot for each default way that is in use.
/// </summary>
internal sealed class RankKeys<T>(ThresholdRanks ranks, RankKeys<T>.NumberColumn[] numbers, RankKeys<T>.CategoryColumn[] categories, int numberSlots, int groupSlots) : RowKeys<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Ranks have so many bits.</summary>
    public const int MaxRank = (1 << 26) - 2;

    private const int AlwaysLeft = -1;
    private const int AlwaysRight = int.MaxValue;

    /// <param name="Feature">Into the row.</param>
    /// <param name="Thresholds">Of the feature.</param>
    /// <param name="RightSlot">Where missing goes right; 0 when no split wants it.</param>
    /// <param name="LeftSlot">Where missing goes left; 0 when no split wants it.</param>
    public readonly record struct NumberColumn(int Feature, ThresholdRanks.Tree Thresholds, int RightSlot, int LeftSlot);

    /// <param name="Feature">Into the row.</param>
    /// <param name="Classes">Of the feature.</param>
    /// <param name="FirstSlot">The first group's; the others follow.</param>
    public readonly record struct CategoryColumn(int Feature, CategoryClasses Classes, int FirstSlot);

    public override int Slots => 1 + numberSlots + groupSlots;

    public override int BlockSlots => Slots + groupSlots;

    public override int MaskSlotOf(int slot) => slot > numberSlots ? slot + groupSlots : slot;

    /// <summary>The key of a rank, and the bound that keys of higher ranks are above.</summary>
    public static int KeyOf(int rank) => (rank << 5) | 31;

    public override unsafe void Write(ReadOnlySpan<T> row, int* keys)
    {
        keys[0] = AlwaysLeft;
        foreach (ref readonly var column in numbers.AsSpan())
        {
            var x = double.CreateTruncating(row[column.Feature]);
            var key = KeyOf(ranks.RankOf(x, column.Thresholds));
            if (column.RightSlot != 0) keys[column.RightSlot] = double.IsNaN(x) ? AlwaysRight : key;
            if (column.LeftSlot != 0) keys[column.LeftSlot] = double.IsNaN(x) ? AlwaysLeft : key;
        }
        foreach (ref readonly var column in categories.AsSpan())
        {
            var place = column.Classes.PlaceOf(double.CreateTruncating(row[column.Feature]));
            var slots = keys + column.FirstSlot;
            for (var group = 0; group < column.Classes.Groups; group++) slots[group] = column.Classes.ClassOf(group, place);
        }
    }

    public override unsafe void WriteBlock(ReadOnlySpan<T> rows, int rowLength, int* keys)
    {
        new Span<int>(keys, KeyBlock.Rows).Fill(AlwaysLeft);
        foreach (ref readonly var column in numbers.AsSpan())
        {
            var toRight = keys + (column.RightSlot << KeyBlock.Shift);
            var toLeft = keys + (column.LeftSlot << KeyBlock.Shift);
            for (var from = column.Feature; from < rows.Length; from += rowLength, toRight++, toLeft++)
            {
                var x = double.CreateTruncating(rows[from]);
                var key = KeyOf(ranks.RankOf(x, column.Thresholds));
                if (column.RightSlot != 0) *toRight = double.IsNaN(x) ? AlwaysRight : key;
                if (column.LeftSlot != 0) *toLeft = double.IsNaN(x) ? AlwaysLeft : key;
            }
        }
        foreach (ref readonly var column in categories.AsSpan()) WriteClasses(column, rows, rowLength, keys + (column.FirstSlot << KeyBlock.Shift));
    }

    [SkipLocalsInit]
    private unsafe void WriteClasses(in CategoryColumn column, ReadOnlySpan<T> rows, int rowLength, int* keys)
    {
        var places = stackalloc int[KeyBlock.Rows];
        var count = 0;
        for (var from = column.Feature; from < rows.Length; from += rowLength) places[count++] = column.Classes.PlaceOf(double.CreateTruncating(rows[from]));
        for (var group = 0; group < column.Classes.Groups; group++, keys += KeyBlock.Rows)
        {
            var masks = keys + (groupSlots << KeyBlock.Shift);
            for (var row = 0; row < count; row++)
            {
                keys[row] = column.Classes.ClassOf(group, places[row]);
                masks[row] = 1 << keys[row];
            }
        }
    }
}
