using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Monitoring.Drift;

/// <summary>
/// A column of categories: text, true/false, or numbers with few different values. The most frequent categories of reference and window together
/// have a bin each, all others share one. (Choosing them by the reference alone would make them look rarer in every window: regression to the mean.)
/// </summary>
internal sealed class CategoricalReference(string name, int rows, ElementType type, CategoryCounts reference, int maxCategories) : ReferenceColumn(name, rows)
{
    private const string Other = "other";

    public override BinCounts? Count(Tensor? current)
    {
        if (current is not null && type == ElementType.Bytes != (current.Type == ElementType.Bytes)) return null;
        var window = current is null ? new CategoryCounts() : CategoryCounts.Of(current, type);
        var pooled = new Dictionary<string, int>(reference.ByName, StringComparer.Ordinal);
        foreach (var (category, count) in window.ByName) CollectionsMarshal.GetValueRefOrAddDefault(pooled, category, out _) += count;
        // A bin that expects less than one row in the smaller sample says nothing.
        var total = Rows + (current?.Rows ?? 0);
        var smaller = Math.Min(Rows, current?.Rows ?? Rows);
        var own = pooled.Where(c => (long)c.Value * smaller >= total).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(maxCategories).Select(c => c.Key).ToList();
        if (type.IsNumeric) own.Sort((a, b) => Number(a).CompareTo(Number(b)));

        var labels = ImmutableArray.CreateBuilder<string>(own.Count + 2);
        labels.AddRange(own);
        if (own.Count < pooled.Count) labels.Add(Other);
        labels.Add(Missing);
        return new BinCounts(labels.ToImmutable(), Counts(reference, own, labels.Count, Rows), Counts(window, own, labels.Count, current?.Rows ?? 0), QuantileBins: 0);
    }

    private static int[] Counts(CategoryCounts categories, List<string> own, int bins, int rows)
    {
        var counts = new int[bins];
        for (var i = 0; i < own.Count; i++) counts[i] = categories.ByName.GetValueOrDefault(own[i]);
        counts[^1] = categories.Missing;
        if (bins == own.Count + 2) counts[^2] = rows - counts.Sum();
        return counts;
    }

    private static double Number(string category) => double.Parse(category, NumberStyles.Float, CultureInfo.InvariantCulture);
}

/// <summary>How often each category occurs.</summary>
internal sealed class CategoryCounts
{
    public Dictionary<string, int> ByName { get; } = new(StringComparer.Ordinal);

    public int Missing { get; private set; }

    /// <param name="type">How the reference has the column, which decides how values are named.</param>
    public static CategoryCounts Of(Tensor column, ElementType type)
    {
        var counts = new CategoryCounts();
        if (column.Type == ElementType.Bytes) counts.AddText(column);
        else counts.AddNumbers(column, type);
        return counts;
    }

    private void AddText(Tensor column)
    {
        for (var i = 0; i < column.Count; i++)
        {
            if (column.GetText(i) is { } text) CollectionsMarshal.GetValueRefOrAddDefault(ByName, text, out _)++;
            else Missing++;
        }
    }

    private void AddNumbers(Tensor column, ElementType type)
    {
        var byNumber = new Dictionary<double, int>();
        for (var i = 0; i < column.Count; i++)
        {
            var value = column.NumberAt(i);
            if (double.IsNaN(value)) Missing++;
            else CollectionsMarshal.GetValueRefOrAddDefault(byNumber, value + 0.0, out _)++;
        }
        foreach (var (value, count) in byNumber) CollectionsMarshal.GetValueRefOrAddDefault(ByName, NameOf(value, type), out _) += count;
    }

    private static string NameOf(double value, ElementType type) => type switch
    {
        ElementType.Bool => value != 0 ? "true" : "false",
        ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 => ((float)value).ToString("R", CultureInfo.InvariantCulture),
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
