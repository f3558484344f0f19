using Slipway.Models.Trees;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>How an objective of XGBoost 0.4 to 3.5 relates predictions and margins (XGBoost's <c>PredTransform</c> and <c>ProbToMargin</c>).</summary>
/// <param name="Transform">Margins to predictions.</param>
/// <param name="Link">The stored base score, which is a prediction, to the margin the sums start from.</param>
internal sealed record XGBoostObjective(MarginTransform Transform, BaseScoreLink Link)
{
    /// <summary>The objective of that name, or null when XGBoost has none. <c>gpu:</c> stood before the names of 0.7 and 0.8 that trained on one.</summary>
    public static XGBoostObjective? Find(string name) => (name.StartsWith("gpu:", StringComparison.Ordinal) ? name[4..] : name) switch
    {
        "reg:squarederror" or "reg:linear" or "reg:squaredlogerror" or "reg:pseudohubererror" or "reg:absoluteerror"
            or "reg:quantileerror" or "reg:normal" or "binary:logitraw" or "rank:pairwise" or "rank:ndcg" or "rank:map" => new(MarginTransform.Identity, BaseScoreLink.Identity),
        "reg:expectileerror" => new(MarginTransform.Increments, BaseScoreLink.Increments),
        "reg:logistic" or "binary:logistic" => new(MarginTransform.Sigmoid, BaseScoreLink.Logit),
        "binary:hinge" => new(MarginTransform.Step, BaseScoreLink.Identity),
        "count:poisson" or "reg:gamma" or "reg:tweedie" or "survival:cox" or "survival:aft" => new(MarginTransform.Exponential, BaseScoreLink.Log),
        "multi:softprob" => new(MarginTransform.Softmax, BaseScoreLink.Identity),
        "multi:softmax" => new(MarginTransform.ArgMax, BaseScoreLink.Identity),
        _ => null,
    };
}

/// <summary>From base scores to margins, in float32.</summary>
internal enum BaseScoreLink
{
    Identity,
    Logit,
    Log,

    /// <summary>The first score; for those after it what <see cref="MarginTransform.Increments"/> undoes.</summary>
    Increments,
}
