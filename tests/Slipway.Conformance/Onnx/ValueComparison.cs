using System.Globalization;
using Slipway.Models.Graph;

namespace Slipway.Conformance.Onnx;

/// <summary>How far elements may be apart: |actual - expected| ≤ absolute + relative · |expected|.</summary>
internal readonly record struct Tolerance(double Relative, double Absolute)
{
    /// <summary>That of the owner of the standard's suite.</summary>
    public static Tolerance Standard { get; } = new(1e-3, 1e-7);
}

/// <summary>What is wrong with an output.</summary>
/// <param name="Kind">One of a few words, for counting.</param>
internal sealed record Difference(string Kind, string Text);

/// <summary>Compares outputs with what is expected of them: types and shapes exactly, texts exactly, numbers by a tolerance, not-a-number with itself.</summary>
/// <param name="typesOnly">For random outputs.</param>
internal sealed class ValueComparison(Tolerance tolerance, bool typesOnly = false)
{
    /// <summary>The greatest difference in multiples of what is allowed; above 1 is wrong.</summary>
    public double Worst { get; private set; }

    /// <summary>The first difference of an output, or null.</summary>
    public Difference? Of(string name, Value expected, Value actual)
    {
        // engines may give a present optional value as the value itself
        if (expected is OptionalValue { Content: { } content }) expected = content;
        if (actual is OptionalValue { Content: { } given }) actual = given;
        switch (expected, actual)
        {
            case (OptionalValue, OptionalValue): return null;
            case (TensorValue e, TensorValue a): return OfTensors(name, e, a);
            case (MapValue e, MapValue a): return OfTensors($"the keys of {name}", e.Keys, a.Keys) ?? OfTensors($"the values of {name}", e.Values, a.Values);
            case (SequenceValue e, SequenceValue a):
                if (e.Items.Count != a.Items.Count) return new Difference("shape", $"{name} has {a.Items.Count} items, {e.Items.Count} were expected");
                for (var i = 0; i < e.Items.Count; i++)
                {
                    if (Of($"{name}[{i}]", e.Items[i], a.Items[i]) is { } difference) return difference;
                }
                return null;
            default: return new Difference("type", $"{name} is {actual.Type}, {expected.Type} was expected");
        }
    }

    private Difference? OfTensors(string name, TensorValue expected, TensorValue actual)
    {
        if (expected.Element != actual.Element) return new Difference("type", $"{name} is {actual.Type}, {expected.Type} was expected");
        if (!expected.Shape.SequenceEqual(actual.Shape)) return new Difference("shape", $"{name} is {actual.Type}, {expected.Type} was expected");
        if (typesOnly) return null;
        return expected.Element == DataType.String ? OfTexts(name, expected.Strings, actual.Strings) : OfNumbers(name, expected, actual);
    }

    private Difference? OfTexts(string name, ReadOnlySpan<string> expected, ReadOnlySpan<string> actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] == actual[i]) continue;
            Worst = double.PositiveInfinity;
            return new Difference("elements", $"{name}, element {i}: '{actual[i]}', '{expected[i]}' was expected");
        }
        return null;
    }

    private Difference? OfNumbers(string name, TensorValue expected, TensorValue actual)
    {
        if (expected.Bytes.SequenceEqual(actual.Bytes)) return null;
        var (wanted, found) = (ElementNumbers.Of(expected), ElementNumbers.Of(actual));
        var perElement = expected.Element is DataType.Complex64 or DataType.Complex128 ? 2 : 1;
        var (worst, at, wrong) = (0.0, 0, 0);
        for (var i = 0; i < wanted.Length; i += perElement)
        {
            var excess = perElement == 1 ? Excess(wanted[i], found[i]) : Excess(wanted.AsSpan(i, 2), found.AsSpan(i, 2));
            if (excess > 1) wrong++;
            if (excess > worst) (worst, at) = (excess, i);
        }
        Worst = Math.Max(Worst, worst);
        if (wrong == 0) return null;
        return new Difference("elements", string.Create(CultureInfo.InvariantCulture,
            $"{name} {expected.Type}: {wrong} of {wanted.Length / perElement} elements differ, the worst is element {at / perElement}: {TextOf(found)}, {TextOf(wanted)} was expected"));

        string TextOf(double[] numbers) => string.Join(" + i·", numbers[at..(at + perElement)].Select(n => n.ToString("R", CultureInfo.InvariantCulture)));
    }

    private double Excess(double expected, double actual)
    {
        if (expected.Equals(actual) || expected == actual) return 0;
        var excess = Math.Abs(actual - expected) / (tolerance.Absolute + tolerance.Relative * Math.Abs(expected));
        return double.IsFinite(expected) && double.IsFinite(actual) ? excess : double.PositiveInfinity;
    }

    private double Excess(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        if (!double.IsFinite(expected[0] + expected[1] + actual[0] + actual[1])) return Math.Max(Excess(expected[0], actual[0]), Excess(expected[1], actual[1]));
        var distance = double.Hypot(actual[0] - expected[0], actual[1] - expected[1]);
        return distance / (tolerance.Absolute + tolerance.Relative * double.Hypot(expected[0], expected[1]));
    }
}
