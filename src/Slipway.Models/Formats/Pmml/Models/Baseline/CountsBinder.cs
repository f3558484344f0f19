using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Baselines;

namespace Slipway.Models.Formats.Pmml.Models.Baseline;

/// <summary>
/// The test statistics of counted values. The standard leaves their formulas open; they are those of Augustus, the engine of the group that proposed the element,
/// but that a test of independence sees all cells of its table and counts its degrees of freedom for any number of fields.
/// </summary>
internal sealed class CountsBinder
{
    /// <summary>A row costs as much.</summary>
    private const int MostCells = 1 << 14;

    private readonly TestDistributions _test;
    private readonly ModelScope _scope;

    private CountsBinder(TestDistributions test, ModelScope scope) => (_test, _scope) = (test, scope);

    public static RowModel Bind(TestDistributions test, ModelScope scope)
    {
        var binder = new CountsBinder(test, scope);
        return test.Statistic == TestStatistic.ChiSquareIndependence ? binder.BindIndependence() : binder.BindDistribution();
    }

    private RowModel BindDistribution()
    {
        var table = _test.Baseline.Table ?? throw _test.Place.Fault($"Baseline has no CountTable, and no NormalizedCountTable, to compare the values of '{_test.Field}' with");
        var field = _scope.Fields.Resolve(_test.Field, _test.Place);
        var values = Values(field, table, 0, 1);
        var bins = values.Length + 1;
        if (bins > MostCells) throw table.Place.Fault($"it has {values.Length} values; {MostCells - 1} are allowed");
        var (map, expected) = (Numbers(values), new double[bins]);
        foreach (var count in table.Counts) Put(expected, (int)map.Find(ParseValue(count, 0, field), 0), count);
        var (baseline, window) = (new CountBaseline(map, expected, table.IsNormalized ? table.Sample : null), Window(bins));
        return _test.Statistic == TestStatistic.ScalarProduct
            ? new ScalarProduct(_scope.NumberResult(), field.Value, baseline, window, _test.Normalization)
            : new ChiSquareDistribution(_scope.NumberResult(), field.Value, baseline, window);
    }

    /// <summary>A table that is there is what was counted before the first row.</summary>
    private ChiSquareIndependence BindIndependence()
    {
        var table = _test.Baseline.Table;
        var names = table is null ? _test.Baseline.Fields : [.. table.Counts[0].Values.Select(v => v.Field)];
        if (names.Length < 2) throw _test.Place.Fault("chiSquareIndependence needs two fields at least: a FieldRef for each, or a table of them");
        var fields = names.Select(name => _scope.Fields.Resolve(name, _test.Place)).ToArray();
        var dimensions = ImmutableArray.CreateBuilder<TableDimension>(fields.Length);
        long cells = 1;
        for (var i = 0; i < fields.Length; i++)
        {
            var values = table is null ? fields[i].Categories : Values(fields[i], table, i, fields.Length);
            if (values.IsEmpty) throw _test.Place.Fault($"the field '{names[i]}' lists no values in the data dictionary, and a contingency table needs them");
            cells *= values.Length;
            if (cells > MostCells) throw _test.Place.Fault($"the contingency table has more than {MostCells} cells");
            dimensions.Add(new TableDimension(fields[i].Value, Numbers(values), values.Length, _scope.Program.Slots(values.Length)));
        }
        var before = new double[cells];
        foreach (var count in table?.Counts ?? [])
        {
            var cell = 0;
            for (var i = 0; i < fields.Length; i++) cell = (cell * dimensions[i].Count) + (int)dimensions[i].Values.Find(ParseValue(count, i, fields[i]), 0);
            Put(before, cell, count);
        }
        if (table is { IsNormalized: true, Sample: { } sample })
        {
            var scale = sample / before.Sum();
            for (var cell = 0; cell < before.Length; cell++) before[cell] *= scale;
        }
        return new ChiSquareIndependence(_scope.NumberResult(), dimensions.MoveToImmutable(), before, Window(before.Length));
    }

    private static void Put(double[] counts, int at, TableCount count)
    {
        if (counts[at] != 0) throw count.Place.Fault($"the value '{count.Values[^1].Value}' is counted twice");
        counts[at] = count.Count;
    }

    /// <summary>The values that the table gives one of its fields, then the others that the data dictionary does.</summary>
    private ImmutableArray<double> Values(BoundField field, CountTable table, int position, int fields)
    {
        var values = new List<double>();
        var known = new HashSet<double>();
        foreach (var count in table.Counts)
        {
            if (count.Values.Length != fields) throw count.Place.Fault($"it is a value of {count.Values.Length} fields, {fields} expected");
            if (count.Values[position].Field != field.Name) throw count.Place.Fault($"the field is '{count.Values[position].Field}', '{field.Name}' expected");
            var cell = ParseValue(count, position, field);
            if (known.Add(cell)) values.Add(cell);
        }
        foreach (var category in field.Categories)
        {
            if (known.Add(category)) values.Add(category);
        }
        return [.. values];
    }

    private double ParseValue(TableCount count, int position, BoundField field) => PredicateConstant.Parse(count.Values[position].Value, field, _scope.Fields, count.Place);

    private static CellMap Numbers(ImmutableArray<double> values) => new([.. values.Select((value, i) => KeyValuePair.Create(value, (double)i))]);

    private CountWindow Window(int bins)
    {
        var weight = _test.Weight is null ? null : _scope.Fields.Resolve(_test.Weight, _test.Place);
        if (weight is { Type.IsNumeric: false }) throw _test.Place.Fault($"the field '{_test.Weight}' is of type {weight.Format.Name}, and weights are numbers");
        return new CountWindow(bins, _test.Window, weight?.Value, _test.Weight ?? "", _scope.Program);
    }
}
