using System.Collections.Immutable;
using System.Numerics.Tensors;
using Slipway.Core;

namespace Slipway.Models.Rows.Comparisons;

/// <summary>
/// Compares a row with a fixed set of points: cluster centres, training instances. The points are kept column by column, so that one
/// field of many points is compared at once.
/// </summary>
/// <param name="columns">For every field, its value in every point.</param>
/// <param name="missingWeights">How much each field counts for the adjustment when some are missing; all alike when empty.</param>
/// <param name="firstValue">The slot for the row's value of the first field; the others follow.</param>
internal sealed class PointComparison(
    Measure measure, ImmutableArray<ComparedField> fields, double[][] columns, int count, ImmutableArray<double> missingWeights, int firstValue)
{
    /// <summary>Points that are compared at once, on the stack.</summary>
    public const int Block = 256;

    private readonly double[] _weights = [.. fields.Select(f => f.Weight)];

    /// <summary>Every field counts by its squared difference, as is most common.</summary>
    private readonly bool _areSquares =
        measure.Kind is MeasureKind.Euclidean or MeasureKind.SquaredEuclidean && fields.All(f => f.Function == CompareFunction.AbsoluteDifference);

    public Measure Measure { get; } = measure;

    /// <summary>The number of points.</summary>
    public int Count { get; } = count;

    /// <summary>Reads the row's values, which <see cref="Compare"/> takes.</summary>
    /// <param name="adjustment">By how much a sum over the fields that are there stands for one over all.</param>
    /// <returns>False when no field has a value.</returns>
    /// <exception cref="RecordException">A field of a binary measure is neither 0 nor 1.</exception>
    public bool TryRead(in Row row, out double adjustment)
    {
        var (all, present, any) = (0.0, 0.0, false);
        for (var f = 0; f < fields.Length; f++)
        {
            var cell = row[firstValue + f] = fields[f].Value.Evaluate(row);
            var weight = missingWeights.IsEmpty ? 1 : missingWeights[f];
            all += weight;
            if (Cell.IsMissing(cell)) continue;
            if (Measure.Kind == MeasureKind.Binary && cell is not (0 or 1)) throw new RecordException($"the field '{fields[f].Name}' is {cell:R}: binary similarities compare 0 and 1");
            present += weight;
            any = true;
        }
        adjustment = all / present;
        return any;
    }

    /// <summary>The measure of the row that was read and the points from <paramref name="first"/> on, as many as <paramref name="affinities"/> holds.</summary>
    public void Compare(in Row row, double adjustment, int first, Span<double> affinities)
    {
        var values = row.Cells.Slice(firstValue, fields.Length);
        if (Measure.Kind == MeasureKind.Binary)
        {
            for (var start = 0; start < affinities.Length; start += Block)
            {
                Match(values, first + start, affinities.Slice(start, Math.Min(Block, affinities.Length - start)));
            }
            return;
        }
        affinities.Clear();
        for (var f = 0; f < fields.Length; f++)
        {
            if (AreFourSquares(values, f))
            {
                var count = affinities.Length;
                Differences.AddSquares(
                    values[f..], columns[f].AsSpan(first, count), columns[f + 1].AsSpan(first, count), columns[f + 2].AsSpan(first, count), columns[f + 3].AsSpan(first, count),
                    _weights.AsSpan(f), affinities);
                f += 3;
            }
            else if (!Cell.IsMissing(values[f]))
            {
                Add(fields[f], values[f], columns[f].AsSpan(first, affinities.Length), affinities);
            }
        }
        Finish(affinities, adjustment);
    }

    private bool AreFourSquares(ReadOnlySpan<double> values, int first)
    {
        if (!_areSquares || first + 4 > values.Length) return false;
        foreach (var value in values.Slice(first, 4))
        {
            if (Cell.IsMissing(value)) return false;
        }
        return true;
    }

    private void Add(ComparedField field, double x, ReadOnlySpan<double> column, Span<double> sums)
    {
        if (field.Function == CompareFunction.AbsoluteDifference)
        {
            switch (Measure.Kind)
            {
                case MeasureKind.Euclidean or MeasureKind.SquaredEuclidean:
                    Differences.AddSquares(x, column, field.Weight, sums);
                    return;
                case MeasureKind.CityBlock:
                    Differences.AddAbsolutes(x, column, field.Weight, sums);
                    return;
            }
        }
        for (var i = 0; i < sums.Length; i++) sums[i] = Measure.Add(sums[i], field.Weight, field.Compare(x, column[i]));
    }

    private void Finish(Span<double> sums, double adjustment)
    {
        if (adjustment != 1) TensorPrimitives.Multiply(sums, adjustment, sums);
        if (Measure.Kind == MeasureKind.Euclidean) TensorPrimitives.Sqrt<double>(sums, sums);
        if (Measure.Kind != MeasureKind.Minkowski) return;
        foreach (ref var sum in sums) sum = Measure.Finish(sum);
    }

    private void Match(ReadOnlySpan<double> values, int first, Span<double> affinities)
    {
        Span<double> onlyPoint = stackalloc double[Block];
        onlyPoint = onlyPoint[..affinities.Length];
        onlyPoint.Clear();
        var both = affinities;
        both.Clear();
        double ones = 0, zeros = 0;
        for (var f = 0; f < fields.Length; f++)
        {
            if (Cell.IsMissing(values[f])) continue;
            var column = columns[f].AsSpan(first, affinities.Length);
            if (values[f] == 1)
            {
                ones++;
                TensorPrimitives.Add(both, column, both);
            }
            else
            {
                zeros++;
                TensorPrimitives.Add(onlyPoint, column, onlyPoint);
            }
        }
        for (var i = 0; i < affinities.Length; i++)
        {
            affinities[i] = Measure.Weights!.Similarity(both[i], ones - both[i], onlyPoint[i], zeros - onlyPoint[i]);
        }
    }
}
