using System.Collections.Immutable;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Comparisons;

namespace Slipway.Tests.Models.Rows.Comparisons;

/// <summary>The vectorised loops against one written as the standard's formulas are.</summary>
public sealed class PointComparisonTests
{
    [Theory]
    [InlineData("Euclidean")]
    [InlineData("SquaredEuclidean")]
    [InlineData("Chebychev")]
    [InlineData("CityBlock")]
    [InlineData("Minkowski")]
    public void Distances_are_those_of_the_formulas_for_any_number_of_fields_and_points(string name)
    {
        var kind = Enum.Parse<MeasureKind>(name);
        var random = new Random(5);
        for (var trial = 0; trial < 120; trial++)
        {
            var (fieldCount, pointCount) = (1 + random.Next(11), 1 + random.Next(trial % 10 == 0 ? 700 : 20));
            var columns = Enumerable.Range(0, fieldCount).Select(_ => Enumerable.Range(0, pointCount).Select(_ => random.NextDouble()).ToArray()).ToArray();
            var fields = Enumerable.Range(0, fieldCount)
                .Select(f => new ComparedField($"f{f}", new SlotExpression(CellType.Float64, f), random.Next(trial % 2 == 0 ? 1 : 4) == 3 ? CompareFunction.Delta : CompareFunction.AbsoluteDifference, random.Next(1, 4)))
                .ToImmutableArray();
            var cells = new double[2 * fieldCount];
            for (var f = 0; f < fieldCount; f++) cells[f] = random.Next(8) == 0 ? Cell.Missing : random.NextDouble();
            if (cells.Take(fieldCount).All(Cell.IsMissing)) cells[0] = 0.5;
            var comparison = new PointComparison(new Measure(kind, false, 3), fields, columns, pointCount, [], fieldCount);
            var row = new Row(cells, new RowTexts(new SymbolTable()));
            var first = random.Next(pointCount);
            var found = new double[pointCount - first];

            Assert.True(comparison.TryRead(row, out var adjustment));
            comparison.Compare(row, adjustment, first, found);

            for (var p = first; p < pointCount; p++) Assert.Equal(Distance(kind, fields, columns, cells, p), found[p - first], 1e-13);
        }
    }

    [Fact]
    public void Ranking_keeps_the_best_in_order_and_the_earlier_of_equals()
    {
        var random = new Random(11);
        for (var trial = 0; trial < 200; trial++)
        {
            var affinities = Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(12) == 0 ? double.NaN : random.Next(6)).Select(v => (double)v).ToArray();
            var greater = trial % 2 == 0;
            var kept = random.Next(1, 8);
            var (best, points) = (new double[kept], new double[kept]);
            var ranking = new Ranking(new Measure(MeasureKind.CityBlock, greater), best, points);
            var cut = random.Next(affinities.Length + 1);
            ranking.Offer(0, affinities.AsSpan(0, cut));
            ranking.Offer(cut, affinities.AsSpan(cut));

            var expected = affinities.Index().Where(a => !double.IsNaN(a.Item)).OrderBy(a => greater ? -a.Item : a.Item).Take(kept).ToArray();
            Assert.Equal(expected.Length, ranking.Count);
            Assert.Equal(expected.Select(e => (double)e.Index), points.Take(ranking.Count));
            Assert.Equal(expected.Select(e => e.Item), best.Take(ranking.Count));
        }
    }

    private static double Distance(MeasureKind kind, ImmutableArray<ComparedField> fields, double[][] columns, double[] row, int point)
    {
        double sum = 0, max = 0;
        var present = 0;
        for (var f = 0; f < fields.Length; f++)
        {
            if (Cell.IsMissing(row[f])) continue;
            present++;
            var difference = Math.Abs(row[f] - columns[f][point]);
            if (fields[f].Function == CompareFunction.Delta) difference = difference == 0 ? 0 : 1;
            max = Math.Max(max, fields[f].Weight * difference);
            sum += fields[f].Weight * Math.Pow(difference, kind switch { MeasureKind.CityBlock => 1, MeasureKind.Minkowski => 3, _ => 2 });
        }
        var adjustment = fields.Length / (double)present;
        return kind switch
        {
            MeasureKind.Euclidean => Math.Sqrt(sum * adjustment),
            MeasureKind.Minkowski => Math.Cbrt(sum * adjustment),
            MeasureKind.Chebychev => max * adjustment,
            _ => sum * adjustment,
        };
    }
}
