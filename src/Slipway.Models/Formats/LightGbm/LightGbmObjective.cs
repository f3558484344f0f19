using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>How an objective turns margins into predictions (LightGBM's <c>ConvertOutput</c>).</summary>
/// <param name="Name">Without parameters; empty when the file has none, so that predictions are the margins.</param>
/// <param name="Transform">Margins to predictions.</param>
/// <param name="Scale">Margins are multiplied by it first: the parameter <c>sigmoid</c>.</param>
internal sealed record LightGbmObjective(string Name, MarginTransform Transform, double Scale = 1)
{
    /// <param name="text"><c>binary sigmoid:1</c>, <c>regression sqrt</c>, …</param>
    /// <param name="outputs">Margins a row.</param>
    /// <returns>null when LightGBM has no objective of that name.</returns>
    /// <exception cref="ModelException">A parameter is damaged or contradicts the number of outputs.</exception>
    public static LightGbmObjective? Parse(string text, int outputs)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var name = words.Length == 0 ? "" : words[0];
        var parameters = words.AsSpan(Math.Min(1, words.Length));
        switch (name)
        {
            case "" or "none" or "null" or "custom" or "na" or "huber" or "lambdarank" or "rank_xendcg" or "xendcg":
                return new(name, MarginTransform.Identity);
            case "regression" or "regression_l2" or "regression_l1" or "fair" or "quantile" or "mape" or "mean_absolute_percentage_error":
                return new(name, parameters.Contains("sqrt") ? MarginTransform.SignedSquare : MarginTransform.Identity);
            case "poisson" or "gamma" or "tweedie":
                return new(name, MarginTransform.Exponential);
            case "binary":
                return new(name, MarginTransform.Sigmoid, Sigmoid(parameters));
            case "multiclass" or "softmax":
                CheckClasses(parameters, outputs);
                return new(name, MarginTransform.Softmax);
            case "multiclassova" or "multiclass_ova" or "ova" or "ovr":
                CheckClasses(parameters, outputs);
                return new(name, MarginTransform.Sigmoid, Sigmoid(parameters));
            case "cross_entropy" or "xentropy":
                return new(name, MarginTransform.Sigmoid);
            case "cross_entropy_lambda" or "xentlambda":
                return new(name, MarginTransform.Softplus);
            default:
                return null;
        }
    }

    private static double Sigmoid(ReadOnlySpan<string> parameters)
    {
        if (ValueOf("sigmoid:", parameters) is not { } text) return 1;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var sigmoid) && sigmoid > 0 && double.IsFinite(sigmoid)
            ? sigmoid
            : throw new ModelException($"objective: sigmoid is '{text}', a number above 0 expected");
    }

    private static void CheckClasses(ReadOnlySpan<string> parameters, int outputs)
    {
        if (ValueOf("num_class:", parameters) is not { } text) return;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var classes) || classes != outputs)
        {
            throw new ModelException($"objective: num_class is '{text}', but there are {outputs} trees per iteration");
        }
    }

    private static string? ValueOf(string key, ReadOnlySpan<string> parameters)
    {
        foreach (var parameter in parameters)
        {
            if (parameter.StartsWith(key, StringComparison.Ordinal)) return parameter[key.Length..];
        }
        return null;
    }
}
