using Slipway.Models.Formats.OnnxMl;

namespace Slipway.Models.Graph;

/// <summary>The <c>post_transform</c> of linear models and support vector machines.</summary>
internal static class ScoreTransform
{
    public static PostTransform Of(NodeInfo node) => node.Text("post_transform", "NONE") switch
    {
        "NONE" => PostTransform.None,
        "SOFTMAX" => PostTransform.Softmax,
        "LOGISTIC" => PostTransform.Logistic,
        "SOFTMAX_ZERO" => PostTransform.SoftmaxZero,
        "PROBIT" => PostTransform.Probit,
        var other => throw node.Wrong($"attribute 'post_transform': '{other}' is unknown: NONE, SOFTMAX, LOGISTIC, SOFTMAX_ZERO or PROBIT is expected"),
    };

    /// <summary>A row of several scores.</summary>
    public static void Apply(PostTransform transform, Span<float> scores)
    {
        switch (transform)
        {
            case PostTransform.Softmax: PostTransforms.Softmax(scores); break;
            case PostTransform.SoftmaxZero: PostTransforms.SoftmaxZero(scores); break;
            case PostTransform.Logistic:
                foreach (ref var score in scores) score = PostTransforms.Logistic(score);
                break;
            case PostTransform.Probit:
                foreach (ref var score in scores) score = PostTransforms.Probit(score);
                break;
        }
    }
}
