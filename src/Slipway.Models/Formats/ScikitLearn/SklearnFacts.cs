using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>What a scikit-learn file tells about itself, for <c>slipway inspect</c>.</summary>
internal static class SklearnFacts
{
    private const int MaxListed = 20;

    public static ImmutableArray<KeyValuePair<string, string>> Of(Estimator estimator, ModelShape shape, bool takesMissing)
    {
        var facts = Of(estimator).ToBuilder();
        foreach (var parameter in (ReadOnlySpan<string>)["loss", "learning_rate", "criterion", "algorithm"])
        {
            if (Labels.TextOf(estimator.Find(parameter)) is { } value) facts.Add(new(parameter.Replace('_', ' '), value));
        }
        facts.Add(new("features", Text(shape.Features)));
        if (shape.Outputs > 1) facts.Add(new("outputs", Text(shape.Outputs)));
        foreach (var classes in shape.Classes.Take(MaxListed))
        {
            var more = classes.Length > MaxListed ? $", … ({Text(classes.Length)} in all)" : "";
            facts.Add(new("classes", string.Join(", ", classes.Take(MaxListed)) + more));
        }
        facts.Add(new("missing values", takesMissing ? "are taken" : "are refused, as scikit-learn does"));
        return facts.ToImmutable();
    }

    /// <summary>Of an estimator that is not read.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Of(Estimator estimator) =>
    [
        new("library", estimator.Version == LibraryVersion.None ? "scikit-learn" : $"scikit-learn {estimator.Version}"),
        new("estimator", estimator.ClassName),
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
