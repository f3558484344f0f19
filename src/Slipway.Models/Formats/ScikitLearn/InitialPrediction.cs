using Slipway.Core;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>What gradient boosting starts from: zero, or a constant that a dummy estimator learned, turned into a margin by the loss.</summary>
internal static class InitialPrediction
{
    /// <summary>numpy's resolution of float32: probabilities are kept this far from 0 and 1.</summary>
    private const double Epsilon = 1.1920928955078125e-07;
    private const double OneLessEpsilon = 0.99999988079071044921875;

    /// <param name="classes">0 for a regressor.</param>
    /// <param name="margins">One, or one for each of three classes and more.</param>
    /// <exception cref="ModelException">It starts from a model of its own, or the constant is damaged.</exception>
    public static double[] Of(Estimator estimator, int classes, int margins)
    {
        // What the export script asks the model itself for.
        var values = estimator.TryNumbers("raw_init") ?? FromInit(estimator, classes, margins);
        return values.Length == margins ? values : throw new ModelException($"{estimator.Place}.init_: {values.Length} initial values for {margins} margins");
    }

    private static double[] FromInit(Estimator estimator, int classes, int margins)
    {
        if (estimator.Text("init_") == "zero") return new double[margins];
        var init = estimator.TryMember("init_") ?? throw estimator.At("init_", "the initial estimator");
        return init.Name switch
        {
            "ZeroEstimator" => new double[margins],
            "LogOddsEstimator" or "ScaledLogOddsEstimator" => [init.Number("prior")],
            "PriorProbabilityEstimator" => init.Numbers("priors"),
            "MeanEstimator" => [init.Number("mean")],
            "QuantileEstimator" => [init.Number("quantile")],
            "DummyRegressor" when classes == 0 => init.Numbers("constant_"),
            "DummyClassifier" when classes > 0 && init.Text("strategy") == "prior" => Margins(estimator, init.Numbers("class_prior_")),
            _ => throw new ModelException($"{init.Place}: boosting that starts from {init.ClassName}{(init.Text("strategy") is { } strategy ? $" ({strategy})" : "")} is not read; zero and the defaults are") { IsUnsupported = true },
        };
    }

    private static double[] Margins(Estimator estimator, double[] priors)
    {
        var clipped = Array.ConvertAll(priors, p => Math.Clamp(p, Epsilon, OneLessEpsilon));
        if (clipped.Length == 2)
        {
            var logOdds = Math.Log(clipped[1] / (1 - clipped[1]));
            return [estimator.Text("loss") == "exponential" ? 0.5 * logOdds : logOdds];
        }
        if (!estimator.Version.IsSince(1, 4)) return Array.ConvertAll(clipped, Math.Log);
        var mean = Math.Exp(PairwiseSum.Of(Array.ConvertAll(clipped, Math.Log)) / clipped.Length);
        return Array.ConvertAll(clipped, p => Math.Log(p / mean));
    }
}
