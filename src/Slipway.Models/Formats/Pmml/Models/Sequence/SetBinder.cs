using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Models.Association;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.Associations;

namespace Slipway.Models.Formats.Pmml.Models.Sequence;

/// <summary>Numbers the items of sets, which are itemsets or values of a field; an item that both name has one number.</summary>
internal sealed class SetBinder(ModelScope scope, Registry<Item> items, Registry<Itemset> itemsets, Registry<SetPredicate> predicates)
{
    private readonly ItemBinder _binder = new(scope, isGrouped: true);
    private readonly Dictionary<(string Field, string Value), int> _numbers = [];

    public int Count => _numbers.Count;

    public ImmutableArray<ItemField> Fields() => _binder.Fields();

    /// <exception cref="Core.ModelException">There is no such set, or an item of it cannot be found in a record.</exception>
    public ImmutableArray<int> ItemsOf(string set, Place place)
    {
        if (predicates.TryFind(set) is { } predicate)
        {
            var values = predicates[predicate];
            return [.. values.Values.Select(value => Number(new Item(values.Place, value, value, values.Field, value)))];
        }
        var itemset = itemsets[itemsets.Find(set, place)];
        return [.. itemset.ItemIds.Select(id => Number(items[items.Find(id, itemset.Place)]))];
    }

    public string TextOf(SequenceElement sequence) => string.Join(" > ", sequence.Sets.Select(set => $"[{string.Join(", ", TextOf(set.SetId))}]"));

    private IEnumerable<string> TextOf(string set) => predicates.TryFind(set) is { } predicate
        ? predicates[predicate].Values
        : itemsets[itemsets.TryFind(set)!.Value].ItemIds.Select(id => items[items.TryFind(id)!.Value].Value);

    private int Number(Item item)
    {
        var key = (item.Field ?? _binder.ItemFieldOf(item).Name, item.Category ?? item.Value);
        if (_numbers.TryGetValue(key, out var number)) return number;
        _numbers.Add(key, number = _numbers.Count);
        _binder.Add(item, number);
        return number;
    }
}
