using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows.Associations;

namespace Slipway.Models.Formats.Pmml.Models.Association;

/// <summary>
/// Finds out in which field an item is found, and as which value. Since 4.3 items say it (<c>field</c>, <c>category</c>). Otherwise, of grouped records, the
/// item is a value of the one active field; of records that stand alone it is a field that is true, or <c>field=value</c>.
/// </summary>
internal sealed class ItemBinder(ModelScope scope, bool isGrouped)
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

    /// <summary>The field in which items of grouped records are found that do not say it.</summary>
    public BoundField ItemFieldOf(Item item) => _itemField ??= FindItemField(item);

    private void AddValue(Item item, BoundField field, string category, int number)
    {
        if (!_fields.TryGetValue(field.Name, out var known)) _fields[field.Name] = known = (field, [], []);
        var cell = PredicateConstant.Parse(category, field, scope.Fields, item.Place);
        if (!known.Cells.Add(cell)) throw item.Place.Fault($"the value '{category}' of the field '{field.Name}' is another item's already");
        known.Items.Add(KeyValuePair.Create(cell, (double)number));
    }

    /// <summary>The active field; old files mark it as predicted.</summary>
    private BoundField FindItemField(Item item)
    {
        var active = scope.FieldsOf(UsageType.Active).ToArray();
        return active.Length switch
        {
            1 => active[0],
            0 when scope.Target.Name is not null => scope.ActualTarget(scope.Target, item.Place),
            _ => throw item.Place.Fault($"it does not say in which field it is found, and the mining schema has {active.Length} active fields, not 1"),
        };
    }
}
