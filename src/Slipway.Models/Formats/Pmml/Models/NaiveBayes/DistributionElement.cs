using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.Distributions;

namespace Slipway.Models.Formats.Pmml.Models.NaiveBayes;

/// <summary>The elements of the group CONTINUOUS-DISTRIBUTION-TYPES (PMML 4.4.1, Baseline Model).</summary>
internal static class DistributionElement
{
    /// <returns>Null when the current element is none of them.</returns>
    public static Distribution? TryRead(ElementReader e) => e.Name switch
    {
        "GaussianDistribution" => new Distribution(DistributionKind.Normal, e.RequireNumber("mean"), e.RequireNumber("variance")),
        "PoissonDistribution" => new Distribution(DistributionKind.Poisson, e.RequireNumber("mean")),
        "UniformDistribution" => new Distribution(DistributionKind.Uniform, e.RequireNumber("lower"), e.RequireNumber("upper")),
        "AnyDistribution" => new Distribution(DistributionKind.Any, e.RequireNumber("mean"), e.RequireNumber("variance")),
        _ => null,
    };
}
