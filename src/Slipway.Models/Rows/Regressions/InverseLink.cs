namespace Slipway.Models.Rows.Regressions;

/// <summary>The link functions of generalized linear models (PMML 4.4.1, General Regression: LINK-FUNCTION and CUMULATIVE-LINK-FUNCTION).</summary>
internal enum LinkFunction : byte
{
    Identity,
    CLogLog,
    Log,
    LogC,
    Logit,
    LogLog,
    NegBin,
    OddsPower,
    Power,
    Probit,
    Cauchit,
}

/// <summary>From the linear predictor to the mean.</summary>
/// <param name="Parameter">The power of <see cref="LinkFunction.Power"/> and <see cref="LinkFunction.OddsPower"/>; the ancillary parameter of <see cref="LinkFunction.NegBin"/>.</param>
internal readonly record struct InverseLink(LinkFunction Link, double Parameter)
{
    public double Of(double value) => Link switch
    {
        LinkFunction.CLogLog => Normalizations.Inverse(Normalization.CLogLog, value),
        LinkFunction.Log => Math.Exp(value),
        LinkFunction.LogC => 1 - Math.Exp(value),
        LinkFunction.Logit => Normalizations.Inverse(Normalization.Logit, value),
        LinkFunction.LogLog => Normalizations.Inverse(Normalization.LogLog, value),
        LinkFunction.NegBin => 1 / (Parameter * (Math.Exp(-value) - 1)),
        LinkFunction.OddsPower when Parameter == 0 => Normalizations.Inverse(Normalization.Logit, value),
        LinkFunction.OddsPower => 1 / (1 + Math.Pow(1 + (Parameter * value), -1 / Parameter)),
        LinkFunction.Power when Parameter == 0 => Math.Exp(value),
        LinkFunction.Power => Math.Pow(value, 1 / Parameter),
        LinkFunction.Probit => Normalizations.Inverse(Normalization.Probit, value),
        LinkFunction.Cauchit => Normalizations.Inverse(Normalization.Cauchit, value),
        _ => value,
    };
}
