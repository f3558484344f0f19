using System.Collections.Immutable;
using Slipway.Models.Rows.Comparisons;
using Slipway.Models.Rows.Distributions;

namespace Slipway.Models.Rows.Clusters;

/// <summary>How the values of a field are distributed in a cluster.</summary>
internal abstract class FieldProfile
{
    /// <summary>The logarithm of the density, or of the share, can be computed.</summary>
    public abstract bool HasDensity { get; }

    /// <summary>The mean comparison can be computed.</summary>
    public abstract bool HasMean(CompareFunction function);

    /// <summary>The logarithm of the density or share of a value; −∞ when the cluster does not have it.</summary>
    public abstract double LogDensity(double x);

    /// <summary>The mean of the comparisons of a value with those of the cluster.</summary>
    public abstract double MeanComparison(ComparedField field, double x);
}

/// <summary>Numbers, by mean and variance.</summary>
internal sealed class NormalProfile(double mean, double variance) : FieldProfile
{
    private readonly Distribution _distribution = new(DistributionKind.Normal, mean, variance);

    public override bool HasDensity => _distribution.IsProper;

    /// <summary>A variance of 0 is a cluster of one value. That of a sum of squares may be a rounding error less.</summary>
    public override bool HasMean(CompareFunction function) => function == CompareFunction.GaussianSimilarity && double.IsFinite(mean) && double.IsFinite(variance);

    public override double LogDensity(double x) => _distribution.LogDensity(x);

    /// <summary>E exp(−c (x − y)²) = exp(−c (x − μ)² / (1 + 2cσ²)) / √(1 + 2cσ²), with c = ln 2 / s².</summary>
    public override double MeanComparison(ComparedField field, double x)
    {
        var decay = Math.Log(2) / (field.SimilarityScale * field.SimilarityScale);
        var spread = 1 + (2 * decay * Math.Max(0, variance));
        return Math.Exp(-decay * (x - mean) * (x - mean) / spread) / Math.Sqrt(spread);
    }
}

/// <summary>Values, by their frequencies.</summary>
internal sealed class ShareProfile : FieldProfile
{
    private readonly ImmutableArray<double> _values;
    private readonly double[] _shares;
    private readonly CellMap _logs;

    /// <param name="frequencies">Of the values, not negative.</param>
    public ShareProfile(ImmutableArray<double> values, ImmutableArray<double> frequencies)
    {
        var total = frequencies.Sum();
        _values = values;
        _shares = [.. frequencies.Select(f => f / total)];
        _logs = new CellMap([.. values.Select((value, i) => KeyValuePair.Create(value, Math.Log(_shares[i])))]);
        HasDensity = total > 0 && double.IsFinite(total);
    }

    public override bool HasDensity { get; }

    public override bool HasMean(CompareFunction function) => HasDensity;

    public override double LogDensity(double x) => _logs.Find(x, double.NegativeInfinity);

    public override double MeanComparison(ComparedField field, double x)
    {
        double mean = 0;
        for (var i = 0; i < _shares.Length; i++)
        {
            if (_shares[i] > 0) mean += _shares[i] * field.Compare(x, _values[i]);
        }
        return mean;
    }
}
