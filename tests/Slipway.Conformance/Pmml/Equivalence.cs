using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Conformance.Pmml;

/// <summary>What comparing one value with its expected text gave. The distances are 0 unless both are finite numbers.</summary>
/// <param name="Relative">Absolute distance over the larger magnitude.</param>
internal readonly record struct Comparison(bool Holds, double Absolute, double Relative)
{
    public static Comparison Exact(bool holds) => new(holds, 0, 0);
}

/// <summary>
/// When a value counts as the expected one. The expected text is read as the type of the actual value; texts, integers and
/// booleans must then be the same, and the kinds of equivalence differ in how far floating-point numbers may be apart.
/// </summary>
internal abstract partial record Equivalence
{
    /// <summary>Reads <c>PMMLEquivalence(p,z)</c>, <c>RealNumberEquivalence(n)</c> or <c>FloatEquivalence(n)</c>.</summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static Equivalence Parse(string text)
    {
        var match = Form().Match(text);
        if (match.Success)
        {
            var (first, second) = (match.Groups[2].Value, match.Groups[3].Value);
            switch (match.Groups[1].Value)
            {
                case "PMMLEquivalence" when Tolerance(first, out var precision) && Tolerance(second, out var zero):
                    return new RelativeEquivalence(precision, zero);
                case "RealNumberEquivalence" when second.Length == 0 && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var ulps):
                    return new UlpEquivalence(ulps, AsFloat: false);
                case "FloatEquivalence" when second.Length == 0 && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var ulps):
                    return new UlpEquivalence(ulps, AsFloat: true);
            }
        }
        throw new FormatException($"'{text}' is no equivalence: PMMLEquivalence(p,z), RealNumberEquivalence(n) or FloatEquivalence(n) was expected");
    }

    /// <summary>Compares; a null on either side is a missing value, which only a missing value equals.</summary>
    public Comparison Compare(string? expected, object? actual) => (expected, actual) switch
    {
        (null, null) => Comparison.Exact(true),
        (null, _) or (_, null) => Comparison.Exact(false),
        (_, string text) => Comparison.Exact(expected == text),
        (_, bool truth) => Comparison.Exact(ExpectedText.TryBoolean(expected, out var wanted) && wanted == truth),
        (_, long integer) => Comparison.Exact(ExpectedText.TryInteger(expected, out var wanted) && wanted == integer),
        (_, float number) => Numbers(expected, number),
        (_, double number) => Numbers(expected, number),
        _ => throw new ConformanceException($"a value of type {actual.GetType().Name} cannot be compared"),
    };

    /// <summary>Compares with a number of single precision.</summary>
    protected abstract Comparison Numbers(string expected, float actual);

    /// <summary>Compares with a number of double precision.</summary>
    protected abstract Comparison Numbers(string expected, double actual);

    protected static Comparison Distance(bool holds, double expected, double actual)
    {
        var absolute = Math.Abs(expected - actual);
        return !double.IsFinite(absolute) || absolute == 0 ? Comparison.Exact(holds) : new Comparison(holds, absolute, absolute / Math.Max(Math.Abs(expected), Math.Abs(actual)));
    }

    private static bool Tolerance(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= 0 && double.IsFinite(value);

    [GeneratedRegex(@"^(\w+)\(([^,()]+)(?:,([^,()]+))?\)$")]
    private static partial Regex Form();
}

/// <summary>Both magnitudes are at most <paramref name="Zero"/>, or the value is within expected·(1 ± <paramref name="Precision"/>).</summary>
internal sealed record RelativeEquivalence(double Precision, double Zero) : Equivalence
{
    protected override Comparison Numbers(string expected, float actual) =>
        ExpectedText.TrySingle(expected, out var wanted) ? Compare(wanted, actual) : Comparison.Exact(false);

    protected override Comparison Numbers(string expected, double actual) =>
        ExpectedText.TryDouble(expected, out var wanted) ? Compare(wanted, actual) : Comparison.Exact(false);

    private Comparison Compare(double expected, double actual)
    {
        var (a, b) = (expected * (1 - Precision), expected * (1 + Precision));
        var holds = expected.Equals(actual)
            || (Math.Abs(expected) <= Zero && Math.Abs(actual) <= Zero)
            || (double.IsFinite(expected) && double.IsFinite(actual) && actual >= Math.Min(a, b) && actual <= Math.Max(a, b));
        return Distance(holds, expected, actual);
    }
}

/// <summary>At most <paramref name="Ulps"/> representable numbers apart, in the type of the value or (<paramref name="AsFloat"/>) in single precision.</summary>
internal sealed record UlpEquivalence(int Ulps, bool AsFloat) : Equivalence
{
    protected override Comparison Numbers(string expected, float actual)
    {
        if (!ExpectedText.TrySingle(expected, out var wanted)) return Comparison.Exact(false);
        var holds = wanted.Equals(actual) || (float.IsFinite(wanted) && float.IsFinite(actual) && long.Abs(Rank(wanted) - Rank(actual)) <= Ulps);
        return Distance(holds, wanted, actual);
    }

    protected override Comparison Numbers(string expected, double actual)
    {
        if (AsFloat) return Numbers(expected, (float)actual);
        if (!ExpectedText.TryDouble(expected, out var wanted)) return Comparison.Exact(false);
        var holds = wanted.Equals(actual) || (double.IsFinite(wanted) && double.IsFinite(actual) && Int128.Abs((Int128)Rank(wanted) - Rank(actual)) <= Ulps);
        return Distance(holds, wanted, actual);
    }

    // Neighbours differ by one; both zeros have rank 0.
    private static long Rank(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return bits < 0 ? -(bits & int.MaxValue) : bits;
    }

    private static long Rank(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        return bits < 0 ? -(bits & long.MaxValue) : bits;
    }
}
