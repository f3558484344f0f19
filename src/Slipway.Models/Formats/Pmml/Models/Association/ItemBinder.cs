using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows.Associations;
using Slipway.Models.Rows.Tables;

namespace Slipway.Models.Formats.Pmml.Models.Association;

/// <summary>
/// Finds out in which field an item is found, and as which value. Since 4.3 items say it (<c>field</c>, <c>category</c>). Otherwise, of grouped records, the
/// item is a value of the one active field; of records that stand alone it is a field that is true, or <c>field=value</c>.
/// </summary>
/// <param name="isGrouped">Records are items of a group.</param>
/// <param name="collected">Where items are found that do not say it: a multiset of the model's own; null when there is none.</param>
internal sealed class ItemBinder(ModelScope scope, bool isGrouped, BoundField? collected = null)
{
    private readonly Dictionary<string, (BoundField Field, List<KeyValuePair<double, double>> Items, HashSet<double> Cells)> _fields = new(StringComparer.Ordinal);
    private readonly List<ItemFlag> _flags = [];
    private BoundField? _itemField;

    public ImmutableArray<ItemField> Fields() => [.. _fields.Values.Select(f => new ItemField(f.Field.Name, f.Field.Value, [.. f.Items]))];

    public ImmutableArray<ItemFlag> Flags() => [.. _flags];

    public void Add(Item item, int number)
    {
        if (item.Field is not null)
        {
            var field = scope.Fields.Resolve(item.Field, item.Place);
            if (item.Category is null && !isGrouped) _flags.Add(new ItemFlag(field.Name, field.Value, number));
            else AddValue(item, field, item.Category ?? item.Value, number);
        }
        else if (isGrouped)
        {
            AddValue(item, ItemFieldOf(item), item.Category ?? item.Value, number);
        }
        else if (scope.Fields.TryResolve(item.Value) is { } flag)
        {
            _flags.Add(new ItemFlag(flag.Name, flag.Value, number));
        }
        else
        {
            var equals = item.Value.IndexOf('=');
            var field = equals < 0 ? null : scope.Fields.TryResolve(item.Value[..equals]);
            if (field is null) throw item.Place.Fault($"value=\"{item.Value}\" is neither a field nor, as field=value, a value of one; a field of the usage 'group' would say that every record is an item");
            AddValue(item, field, item.Value[(equals + 1)..], number);
        }
    }

    /// <summary>
    /// The multiset that the items are elements of, when the file makes sets of items by aggregation rather than by the usage <c>group</c>: that of an item's
    /// field, or the only one among the model's own transformations.
    /// </summary>
    /// <returns>Null when there is none.</returns>
    public static BoundField? FindCollected(IEnumerable<Item> items, ModelScope scope)
    {
        foreach (var item in items)
        {
            if (item.Field is not null && scope.Fields.TryResolve(item.Field) is { Set: not null } field) return field;
        }
        var own = scope.Header.LocalTransformations.Where(f => f.Definition is Aggregate { Function: AggregateFunction.Multiset }).ToArray();
        return own.Length == 1 ? scope.Fields.Resolve(own[0].Name, own[0].Place) : null;
    }

    /// <summary>The field in which items of grouped records are found that do not say it.</summary>
    public BoundField ItemFieldOf(Item item) => _itemField ??= FindItemField(item);

    private void AddValue(Item item, BoundField field, string category, int number)
    {
        if (isGrouped && field.Set is not null) field = MemberOf(field, item);
        if (!_fields.TryGetValue(field.Name, out var known)) _fields[field.Name] = known = (field, [], []);
        var cell = PredicateConstant.Parse(category, field, scope.Fields, item.Place);
        if (!known.Cells.Add(cell)) throw item.Place.Fault($"the value '{category}' of the field '{field.Name}' is another item's already");
        known.Items.Add(KeyValuePair.Create(cell, (double)number));
    }

    /// <summary>The union of the elements of a group's records is the group's multiset, when both are of the same groups.</summary>
    private BoundField MemberOf(BoundField field, Item item)
    {
        var group = field.Set!.Group?.Name;
        var groups = scope.Header.MiningSchema.Where(f => f.Usage is UsageType.Group or UsageType.Order).Select(f => f.Name).ToArray();
        if (groups.Length > 0 && !groups.Contains(group)) throw item.Place.Fault($"the field '{field.Name}' collects records by {(group is null ? "none" : $"'{group}'")}, but the model by '{string.Join("', '", groups)}'");
        return field.Set.Member;
    }

    /// <summary>The active field; old files mark it as predicted.</summary>
    private BoundField FindItemField(Item item)
    {
        if (collected is not null) return collected;
        var active = scope.FieldsOf(UsageType.Active).ToArray();
        return active.Length switch
        {
            1 => active[0],
            0 when scope.Target.Name is not null => scope.ActualTarget(scope.Target, item.Place),
            _ => throw item.Place.Fault($"it does not say in which field it is found, and the mining schema has {active.Length} active fields, not 1"),
        };
    }
}
