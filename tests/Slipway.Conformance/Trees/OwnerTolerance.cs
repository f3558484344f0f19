using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Conformance.Pmml;

namespace Slipway.Conformance.Trees;

/// <summary>When a value counts as what the owner of a case expects, from the words of its <c>owner_tolerance</c>. Of a range the far end counts.</summary>
internal static partial class OwnerTolerance
{
    /// <param name="containsXGBoost">H2O models with a part made by XGBoost have a tolerance of their own, in parentheses.</param>
    /// <exception cref="ConformanceException">The words are not understood.</exception>
    public static Equivalence Parse(string text, bool containsXGBoost)
    {
        if (text.StartsWith("exact", StringComparison.Ordinal)) return new UlpEquivalence(0, AsFloat: true);
        var parenthesis = text.IndexOf('(', StringComparison.Ordinal);
        if (text.StartsWith("FloatEquivalence", StringComparison.Ordinal)) return new UlpEquivalence((int)Largest(text), AsFloat: true);
        if (text.StartsWith("RealNumberEquivalence", StringComparison.Ordinal)) return new UlpEquivalence((int)Largest(text), AsFloat: false);
        if (parenthesis > 0 && text.AsSpan(parenthesis).StartsWith("(xgboost", StringComparison.Ordinal)) return Distance(Largest(containsXGBoost ? text[parenthesis..] : text[..parenthesis]));
        return Distance(Largest(parenthesis > 0 ? text[..parenthesis] : text));
    }

    /// <summary>So far apart, absolutely or of the expected number.</summary>
    public static Equivalence Distance(double tolerance) => new DistanceEquivalence(tolerance);

    private static double Largest(string text)
    {
        var numbers = Number().Matches(text).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture)).ToArray();
        return numbers.Length > 0 ? numbers.Max() : throw new ConformanceException($"owner_tolerance '{text}' is not understood");
    }

    [GeneratedRegex(@"(?<![A-Za-z\d])\d+(\.\d+)?(e-?\d+)?")]
    private static partial Regex Number();
}

/// <summary>At most <paramref name="Tolerance"/> apart, absolutely or of the expected number.</summary>
internal sealed record DistanceEquivalence(double Tolerance) : Equivalence
{
    protected override Comparison Numbers(string expected, float actual) => Numbers(expected, (double)actual);

    protected override Comparison Numbers(string expected, double actual)
    {
        if (!ExpectedText.TryDouble(expected, out var wanted)) return Comparison.Exact(false);
        var holds = wanted.Equals(actual) || Math.Abs(wanted - actual) <= Tolerance * Math.Max(1, Math.Abs(wanted));
        return Distance(holds, wanted, actual);
    }
}
