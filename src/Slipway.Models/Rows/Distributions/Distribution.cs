namespace Slipway.Models.Rows.Distributions;

internal enum DistributionKind : byte
{
    /// <summary>Mean, variance.</summary>
    Normal,

    /// <summary>Mean of the number of events.</summary>
    Poisson,

    /// <summary>Lower and upper bound.</summary>
    Uniform,

    /// <summary>Mean and variance of the logarithm.</summary>
    LogNormal,

    /// <summary>Mode, lower and upper bound.</summary>
    Triangular,

    /// <summary>Mean and variance, but no known shape: it has no density.</summary>
    Any,
}

/// <summary>A distribution of numbers with its parameters, in the order that <see cref="DistributionKind"/> gives.</summary>
internal readonly record struct Distribution(DistributionKind Kind, double First, double Second = double.NaN, double Third = double.NaN)
{
    private const double LogRootOfTwoPi = 0.91893853320467274178;

    /// <summary>The parameters make a distribution: variances are positive, bounds in order.</summary>
    public bool IsProper => Kind switch
    {
        DistributionKind.Normal or DistributionKind.LogNormal or DistributionKind.Any => double.IsFinite(First) && Second > 0 && double.IsFinite(Second),
        DistributionKind.Poisson => First > 0 && double.IsFinite(First),
        DistributionKind.Uniform => double.IsFinite(First) && double.IsFinite(Second) && First < Second,
        _ => Second <= First && First <= Third && Second < Third && double.IsFinite(Second) && double.IsFinite(Third),
    };

    public double Mean => Kind switch
    {
        DistributionKind.Uniform => (First + Second) / 2,
        DistributionKind.LogNormal => Math.Exp(First + (Second / 2)),
        DistributionKind.Triangular => (First + Second + Third) / 3,
        _ => First,
    };

    public double Variance => Kind switch
    {
        DistributionKind.Poisson => First,
        DistributionKind.Uniform => (Second - First) * (Second - First) / 12,
        DistributionKind.LogNormal => (Math.Exp(Second) - 1) * Math.Exp((2 * First) + Second),
        DistributionKind.Triangular => ((First * First) + (Second * Second) + (Third * Third) - (First * Second) - (First * Third) - (Second * Third)) / 18,
        _ => Second,
    };

    /// <summary>The logarithm of the density (Poisson: of the probability) at a number; −∞ where there is none.</summary>
    public double LogDensity(double x)
    {
        switch (Kind)
        {
            case DistributionKind.Normal:
                return LogNormalDensity(x);
            case DistributionKind.Poisson:
                return x < 0 || Math.Floor(x) != x ? double.NegativeInfinity : (x * Math.Log(First)) - First - Factorials.Log(x);
            case DistributionKind.Uniform:
                return x >= First && x <= Second ? -Math.Log(Second - First) : double.NegativeInfinity;
            case DistributionKind.LogNormal:
                return x > 0 ? LogNormalDensity(Math.Log(x)) - Math.Log(x) : double.NegativeInfinity;
            case DistributionKind.Triangular when x >= Second && x <= Third:
                var top = 2 / (Third - Second);
                if (x == First) return Math.Log(top);
                return Math.Log(x < First ? top * (x - Second) / (First - Second) : top * (Third - x) / (Third - First));
            default:
                return double.NegativeInfinity;
        }
    }

    private double LogNormalDensity(double x) => -LogRootOfTwoPi - (0.5 * Math.Log(Second)) - ((x - First) * (x - First) / (2 * Second));
}
