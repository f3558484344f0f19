using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Models.Formats.Pmml.Models.Association;

/// <summary>The element <c>Item</c>.</summary>
/// <param name="Value">What people call it; also what it is in the data, unless <paramref name="Field"/> and <paramref name="Category"/> say it.</param>
internal sealed record Item(Place Place, string Id, string Value, string? Field, string? Category)
{
    public static Item Read(ElementReader e) => new(e.Place, e.Require("id"), e.Require("value"), e.Attribute("field"), e.Attribute("category"));
}

/// <summary>The element <c>Itemset</c>.</summary>
internal sealed record Itemset(Place Place, string Id, double? Support, ImmutableArray<string> ItemIds)
{
    public static Itemset Read(ElementReader e)
    {
        var (place, id, support) = (e.Place, e.Require("id"), e.Number("support"));
        var items = ImmutableArray.CreateBuilder<string>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "ItemRef") items.Add(e.Require("itemRef"));
        }
        return new Itemset(place, id, support, items.DrainToImmutable());
    }
}

/// <summary>The element <c>AssociationRule</c>.</summary>
internal sealed record AssociationRule(
    Place Place, string? Id, string Antecedent, string Consequent, double Support, double Confidence, double? Lift, double? Leverage, double? Affinity)
{
    public static AssociationRule Read(ElementReader e) => new(
        e.Place, e.Attribute("id"), e.Require("antecedent"), e.Require("consequent"), e.RequireNumber("support"), e.RequireNumber("confidence"),
        e.Number("lift"), e.Number("leverage"), e.Number("affinity"));

    /// <summary>The measures that the file leaves out follow from the supports of the itemsets, when it has them.</summary>
    public ImmutableArray<double> Measures(double? antecedent, double? consequent)
    {
        var lift = Lift ?? (consequent > 0 ? Confidence / consequent : null);
        var leverage = Leverage ?? Support - (antecedent * consequent);
        var affinity = Affinity ?? Support / (antecedent + consequent - Support);
        return [Confidence, Support, lift ?? Rows.Cell.Missing, leverage ?? Rows.Cell.Missing, affinity ?? Rows.Cell.Missing];
    }
}

/// <summary>Elements that others refer to by their id.</summary>
internal sealed class Registry<T>(string element) where T : class
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<T> _all = [];

    public int Count => _all.Count;

    public T this[int number] => _all[number];

    public void Add(string id, T value, Place place)
    {
        if (!_numbers.TryAdd(id, _all.Count)) throw place.Fault($"the id '{id}' is taken by another {element}");
        _all.Add(value);
    }

    /// <exception cref="Core.ModelException">There is none.</exception>
    public int Find(string id, Place place) => _numbers.TryGetValue(id, out var number) ? number : throw place.Fault($"there is no {element} with the id '{id}'");

    public int? TryFind(string id) => _numbers.TryGetValue(id, out var number) ? number : null;
}
