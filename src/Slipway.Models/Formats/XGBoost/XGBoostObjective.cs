using Slipway.Models.Trees;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>How an objective relates predictions and margins (XGBoost's <c>PredTransform</c> and <c>ProbToMargin</c>).</summary>
/// <param name="Transform">Margins to predictions.</param>
/// <param name="Link">The stored base score, which is a prediction, to the margin the sums start from.</param>
internal sealed record XGBoostObjective(MarginTransform Transform, BaseScoreLink Link)
{
    /// <summary>The objective of that name, or null when XGBoost has none.</summary>
    public static XGBoostObjective? Find(string name) => name switch
    {
        "reg:squarederror" or "reg:linear" or "reg:squaredlogerror" or "reg:pseudohubererror" or "reg:absoluteerror"
            or "reg:quantileerror" or "reg:expectileerror" or "binary:logitraw" or "rank:pairwise" or "rank:ndcg" or "rank:map" => new(MarginTransform.Identity, BaseScoreLink.Identity),
        "reg:logistic" or "binary:logistic" => new(MarginTransform.Sigmoid, BaseScoreLink.Logit),
        "binary:hinge" => new(MarginTransform.Step, BaseScoreLink.Identity),
        "count:poisson" or "reg:gamma" or "reg:tweedie" or "survival:cox" or "survival:aft" => new(MarginTransform.Exponential, BaseScoreLink.Log),
        "multi:softprob" => new(MarginTransform.Softmax, BaseScoreLink.Identity),
        "multi:softmax" => new(MarginTransform.ArgMax, BaseScoreLink.Identity),
        _ => null,
    };
}

/// <summary>From a base score to a margin, in float32.</summary>
internal enum BaseScoreLink
{
    Identity,
    Logit,
    Log,
}
