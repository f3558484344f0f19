using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Models.Formats.H2O;

/// <summary>What a MOJO tells about itself, for <c>slipway inspect</c>.</summary>
internal static class MojoFacts
{
    private const int MaxListed = 20;

    public static ImmutableArray<KeyValuePair<string, string>> Of(MojoModel model)
    {
        var header = model.Header;
        var facts = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        facts.Add(new("library", $"h2o {header.LibraryVersion}"));
        facts.Add(new("mojo version", header.Version.ToString("0.00", CultureInfo.InvariantCulture)));
        facts.Add(new("algorithm", header.Algorithm));
        facts.Add(new("category", header.Category));
        facts.AddRange(model.Facts);
        facts.Add(new("features", Text(header.Features)));
        var categorical = Enumerable.Range(0, header.Features).Where(header.IsCategorical).ToList();
        if (categorical.Count > 0) facts.Add(new("categorical features", Listed(categorical.Select(c => header.RowColumns[c]), categorical.Count)));
        foreach (var column in categorical.Take(MaxListed))
        {
            var levels = header.DomainOf(column);
            facts.Add(new($"categories of {header.RowColumns[column]}", Listed(levels.Select((name, code) => $"{Text(code)}={name}"), levels.Length)));
        }
        if (header.Offset >= 0) facts.Add(new("offset", header.RowColumns[header.Offset]));
        if (header.IsClassifier) facts.Add(new("classes", Listed(header.Classes, header.Classes.Length)));
        if (!double.IsNaN(model.Threshold)) facts.Add(new("threshold", model.Threshold.ToString(CultureInfo.InvariantCulture)));
        if (header.BalancesClasses) facts.Add(new("classes balanced", "true"));
        return facts.ToImmutable();
    }

    private static string Listed(IEnumerable<string> names, int count) =>
        string.Join(", ", names.Take(MaxListed)) + (count > MaxListed ? $", … ({Text(count)} in all)" : "");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
