using System.Globalization;
using Slipway.Conformance.Pmml;
using Slipway.Core;

namespace Slipway.Conformance.Trees;

/// <summary>Compares a model's answers with expected rows and keeps the greatest distances seen.</summary>
internal sealed class AnswerComparison(Equivalence equivalence)
{
    public double MaxAbsolute { get; private set; }

    public double MaxRelative { get; private set; }

    /// <summary>The first difference, or null.</summary>
    public string? Difference(Expectation expectation, Batch answers)
    {
        if (answers.Rows != expectation.Rows.Count) return $"{expectation.Name}: {expectation.Rows.Count} rows are expected, the model gave {answers.Rows}";
        var label = answers.FirstOrDefault(t => t.Type == ElementType.Bytes);
        var numbers = answers.Where(t => t.Type != ElementType.Bytes).ToArray();
        string? first = null;
        for (var row = 0; row < expectation.Rows.Count; row++)
        {
            var values = numbers.SelectMany(t => Enumerable.Range(row * t.Stride, t.Stride).Select(i => Value(t, i))).ToArray();
            var actual = expectation.Columns is { } columns ? ByName(columns, label?.GetText(row), values) : values;
            var expected = expectation.Rows[row];
            if (actual.Length != expected.Length) return $"{expectation.Name}: {expected.Length} values a row are expected, the model gave {actual.Length}";
            for (var i = 0; i < actual.Length; i++)
            {
                var comparison = Compare(expected[i], actual[i]);
                MaxAbsolute = Math.Max(MaxAbsolute, comparison.Absolute);
                MaxRelative = Math.Max(MaxRelative, comparison.Relative);
                if (!comparison.Holds) first ??= $"{expectation.Name}, row {row + 1}, {expectation.Columns?[i] ?? $"value {i + 1}"}: expected {expected[i] ?? "a missing value"}, found {Convert.ToString(actual[i], CultureInfo.InvariantCulture)}";
            }
        }
        return first;
    }

    /// <summary>Labels may be written as text or as the number that the text is; a number that is not there is NaN.</summary>
    private Comparison Compare(string? expected, object? actual)
    {
        if (expected is null && actual is double.NaN or float.NaN) return Comparison.Exact(true);
        if (actual is string label && expected is not null && label != expected && ExpectedText.TryDouble(label, out var number)) return equivalence.Compare(expected, number);
        if (actual is Derived { Class: var derived }) return Comparison.Exact(expected is not null && (ExpectedText.TryDouble(expected, out var wanted) ? wanted == derived : derived < 0));
        return equivalence.Compare(expected, actual);
    }

    /// <summary>The values in the order of the expected columns: targets, and for each target the probabilities of its classes.</summary>
    /// <param name="label">What the model names as the likeliest class, when it names any.</param>
    /// <param name="values">One or more a row.</param>
    private static object?[] ByName(IReadOnlyList<string> columns, string? label, object?[] values)
    {
        var probabilities = columns.Count(IsProbability);
        var labels = columns.Count - probabilities;
        if (probabilities == 0) return label is not null && labels == 1 ? [label] : values;
        var calibrated = columns.Count(c => c.StartsWith("defaultCalibration(", StringComparison.Ordinal));
        var targets = labels - calibrated;
        var others = columns.Count(c => c.StartsWith("probability(calibrated", StringComparison.Ordinal));
        var classes = (probabilities - others) / targets;
        if (values.Length == targets && classes == 2) values = [.. values.SelectMany(p => new[] { OneMinus(p), p })];
        if (values.Length != probabilities) return values;
        var (target, probability) = (0, 0);
        return [.. columns.Select(column =>
        {
            if (IsProbability(column)) return values[probability++];
            // H2O chooses by the threshold of the best F1, and its owner shows the likeliest class beside it.
            if (column.StartsWith("defaultCalibration(", StringComparison.Ordinal)) return label;
            var likeliest = Likeliest(values.AsSpan(target++ * classes, classes));
            return label is not null && calibrated == 0 ? label : new Derived(likeliest);
        })];
    }

    private static bool IsProbability(string column) => column.StartsWith("probability(", StringComparison.Ordinal);

    private static int Likeliest(ReadOnlySpan<object?> probabilities)
    {
        var best = 0;
        for (var i = 1; i < probabilities.Length; i++)
        {
            if (Convert.ToDouble(probabilities[i], CultureInfo.InvariantCulture) > Convert.ToDouble(probabilities[best], CultureInfo.InvariantCulture)) best = i;
        }
        return best;
    }

    private static object? OneMinus(object? p) => p switch
    {
        float single => 1f - single,
        double number => 1d - number,
        _ => null,
    };

    private static object? Value(Tensor tensor, int i)
    {
        if (tensor.IsMissing(i)) return null;
        return tensor.Type switch
        {
            ElementType.Float32 => tensor.Values<float>()[i],
            ElementType.Float64 => tensor.Values<double>()[i],
            ElementType.Int32 => (long)tensor.Values<int>()[i],
            _ => (long)tensor.NumberAt(i),
        };
    }

    /// <summary>A class that the model does not name, by its place.</summary>
    private sealed record Derived(int Class);
}
