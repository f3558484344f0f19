using System.Collections.Immutable;
using System.Globalization;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Associations;

namespace Slipway.Models.Formats.Pmml.Models.Association;

/// <summary>
/// The element <c>AssociationModel</c> (PMML 4.4.1, Association Rules). With a field of the usage <c>group</c> a record is an item of a basket; without one a
/// record is a basket, whose items are true flags or values of categorical fields.
/// </summary>
internal sealed class AssociationModel(ModelHeader header) : ModelElement(header)
{
    private readonly Registry<Item> _items = new("Item");
    private readonly Registry<Itemset> _itemsets = new("Itemset");
    private readonly List<AssociationRule> _rules = [];

    public static AssociationModel Read(ElementReader e)
    {
        var model = new AssociationModel(new ModelHeader(e));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (model.Header.TryRead(e)) continue;
            switch (e.Name)
            {
                case "Item":
                    var item = Item.Read(e);
                    model._items.Add(item.Id, item, item.Place);
                    break;
                case "Itemset":
                    var itemset = Itemset.Read(e);
                    model._itemsets.Add(itemset.Id, itemset, itemset.Place);
                    break;
                case "AssociationRule":
                    model._rules.Add(AssociationRule.Read(e));
                    break;
            }
        }
        return model;
    }

    public override RowModel Bind(ModelScope scope)
    {
        if (Header.Targets.Length > 0) throw Header.Targets[0].Place.Unsupported("a target of association rules");
        var program = scope.Program;
        var items = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        for (var i = 0; i < _itemsets.Count; i++) items.Add([.. _itemsets[i].ItemIds.Select(id => _items.Find(id, _itemsets[i].Place))]);
        var book = new RuleBook([.. _rules.Select((rule, number) => Bind(rule, number, program))], Bits(_itemsets.Count, program));
        var rules = new BasketRules(book, Bits(_items.Count, program), new ItemsetMatcher(_items.Count, items.ToImmutable()), book.Rank(RuleMeasure.Confidence, ascending: false));
        var result = new ModelResult { Predicted = program.Slot(), Type = CellType.Text, EntityId = program.Slot() };
        var keys = scope.FieldsOf(UsageType.Group).Select(f => new RowOutput(f.Name, f.Format, f.Value)).ToImmutableArray();
        var collected = ItemBinder.FindCollected(Enumerable.Range(0, _items.Count).Select(i => _items[i]), scope);
        var skipsUngrouped = keys.IsEmpty;
        var isGrouped = keys.Length > 0 || collected is not null;
        if (keys.IsEmpty && collected?.Set!.Group is { } group) keys = [new RowOutput(group.Name, group.Format, group.Value)];
        var binder = new ItemBinder(scope, isGrouped, collected);
        for (var i = 0; i < _items.Count; i++) binder.Add(_items[i], i);
        return isGrouped
            ? new Grouped(keys, binder.Fields(), rules, result, skipsUngrouped, new RuleOutputs(book))
            : new Flagged(binder.Fields(), binder.Flags(), rules, result, new RuleOutputs(book));
    }

    private static BitSlots Bits(int count, ProgramBuilder program) => new(program.Slots(BitSlots.CellsFor(count)), count);

    private InferenceRule Bind(AssociationRule rule, int number, ProgramBuilder program)
    {
        var (antecedent, consequent) = (_itemsets.Find(rule.Antecedent, rule.Place), _itemsets.Find(rule.Consequent, rule.Place));
        var (from, to) = (TextOf(_itemsets[antecedent]), TextOf(_itemsets[consequent]));
        return new InferenceRule(
            program.Symbols.Intern(rule.Id ?? (number + 1).ToString(CultureInfo.InvariantCulture)), antecedent, consequent,
            program.Symbols.Intern($"[{string.Join(", ", from)}]"), program.Symbols.Intern($"[{string.Join(", ", to)}]"),
            program.Symbols.Intern($"{{{string.Join(',', from)}}}->{{{string.Join(',', to)}}}"),
            rule.Measures(_itemsets[antecedent].Support, _itemsets[consequent].Support));
    }

    private string[] TextOf(Itemset itemset) => [.. itemset.ItemIds.Select(id => _items[_items.Find(id, itemset.Place)].Value)];

    private sealed class Grouped(ImmutableArray<RowOutput> keys, ImmutableArray<ItemField> fields, BasketRules rules, ModelResult result, bool skipsUngrouped, RuleOutputs outputs)
        : GroupedBaskets(keys, fields, rules, result, skipsUngrouped), IOutputSource
    {
        public RowExpression? TryBind(OutputField field, ModelScope scope) => outputs.TryBind(field);
    }

    private sealed class Flagged(ImmutableArray<ItemField> fields, ImmutableArray<ItemFlag> flags, BasketRules rules, ModelResult result, RuleOutputs outputs)
        : FlaggedBaskets(fields, flags, rules, result), IOutputSource
    {
        public RowExpression? TryBind(OutputField field, ModelScope scope) => outputs.TryBind(field);
    }
}
