using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>
/// Features of any kind as <see cref="OrderOrSetNodes"/> wants them (and <see cref="OrderNodes"/>, when all are numeric): numbers by their rank among the
/// thresholds of their feature, which decides every comparison exactly, categories by their class. A number has a slot for each default way that is in use.
/// </summary>
internal sealed class RankKeys<T>(ThresholdRanks ranks, RankKeys<T>.NumberColumn[] numbers, RankKeys<T>.CategoryColumn[] categories, int numberSlots, int groupSlots) : RowKeys<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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

    public override unsafe void Write(ReadOnlySpan<T> row, int* keys)
    {
        keys[0] = RankKey.AlwaysLeft;
        foreach (ref readonly var column in numbers.AsSpan())
        {
            var x = double.CreateTruncating(row[column.Feature]);
            var key = RankKey.Of(ranks.RankOf(x, column.Thresholds));
            if (column.RightSlot != 0) keys[column.RightSlot] = double.IsNaN(x) ? RankKey.AlwaysRight : key;
            if (column.LeftSlot != 0) keys[column.LeftSlot] = double.IsNaN(x) ? RankKey.AlwaysLeft : key;
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
        new Span<int>(keys, KeyBlock.Rows).Fill(RankKey.AlwaysLeft);
        foreach (ref readonly var column in numbers.AsSpan())
        {
            var toRight = keys + (column.RightSlot << KeyBlock.Shift);
            var toLeft = keys + (column.LeftSlot << KeyBlock.Shift);
            if (column.RightSlot == 0)
            {
                ranks.WriteKeys(rows[column.Feature..], rowLength, column.Thresholds, RankKey.AlwaysLeft, toLeft);
                continue;
            }
            ranks.WriteKeys(rows[column.Feature..], rowLength, column.Thresholds, RankKey.AlwaysRight, toRight);
            if (column.LeftSlot != 0) TurnMissing(toRight, toLeft);
        }
        foreach (ref readonly var column in categories.AsSpan()) WriteClasses(column, rows, rowLength, keys + (column.FirstSlot << KeyBlock.Shift));
    }

    private static unsafe void TurnMissing(int* toRight, int* toLeft)
    {
        for (var row = 0; row < KeyBlock.Rows; row += Vector512<int>.Count)
        {
            var key = Vector512.Load(toRight + row);
            // AlwaysLeft is all bits.
            (key | Vector512.Equals(key, Vector512.Create(RankKey.AlwaysRight))).Store(toLeft + row);
        }
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

/// <summary>The keys of numbers, for <see cref="OrderOrSetNodes"/>.</summary>
internal static class RankKey
{
    public const int MaxRank = (1 << 26) - 2;

    public const int AlwaysLeft = -1;

    public const int AlwaysRight = int.MaxValue;

    /// <summary>The key of a rank, and the bound that the keys of higher ranks are above.</summary>
    public static int Of(int rank) => (rank << 5) | 31;
}
