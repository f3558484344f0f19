using System.Globalization;

namespace Slipway.Conformance.Pmml;

/// <summary>Compares answers with the rows of an expected table, column by column, and keeps the greatest distances seen.</summary>
internal sealed class RowComparison
{
    private readonly TextTable _expected;
    private readonly Equivalence _equivalence;
    private readonly (string Name, int Expected, int Output)[] _columns;

    /// <exception cref="ConformanceException">The expected table lacks a column.</exception>
    public RowComparison(SuiteCase suiteCase, TextTable expected, IReadOnlyList<string> outputs)
    {
        _expected = expected;
        _equivalence = suiteCase.Equivalence;
        _columns = [.. suiteCase.Columns.Select(name => (name, expected.IndexOf(name), IndexOf(outputs, name)))];
        var absent = _columns.FirstOrDefault(c => c.Expected < 0).Name;
        if (absent is not null) throw new ConformanceException($"the expected table has no column '{absent}'");
    }

    public double MaxAbsolute { get; private set; }

    public double MaxRelative { get; private set; }

    /// <summary>The first difference between an answer and row <paramref name="row"/> (counted from 0), or null. A value that the model does not produce is missing.</summary>
    public string? Difference(int row, Answer answer)
    {
        var place = $"row {row + 1}";
        if (answer.Values is not { } values) return $"{place}: expected a value, found the error: {answer.Error}";
        string? first = null;
        foreach (var (name, expectedColumn, output) in _columns)
        {
            var expected = _expected.Rows[row][expectedColumn];
            var actual = output < 0 ? null : values[output];
            var comparison = _equivalence.Compare(expected, actual);
            MaxAbsolute = Math.Max(MaxAbsolute, comparison.Absolute);
            MaxRelative = Math.Max(MaxRelative, comparison.Relative);
            if (!comparison.Holds) first ??= $"{place}, column {name}: expected {expected ?? "a missing value"}, found {(output < 0 ? "no such output" : Text(actual))}";
        }
        return first;
    }

    private static string Text(object? value) => value switch
    {
        null => "a missing value",
        string text => $"'{text}'",
        float number => string.Create(CultureInfo.InvariantCulture, $"{number:R} (single)"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name) return i;
        }
        return -1;
    }
}
