using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Models.Association;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Associations;
using Slipway.Models.Rows.Sequences;

namespace Slipway.Models.Formats.Pmml.Models.Sequence;

/// <summary>
/// The element <c>SequenceModel</c> (PMML 4.4.1, Sequence Rules). The standard says what rules mean, and leaves open how they score: here records are grouped
/// by the fields of the usage <c>group</c>, put in the order of the one of the usage <c>order</c>, and a group is answered by its rules as a basket is by
/// association rules.
/// </summary>
internal sealed class SequenceModel(ModelHeader header) : ModelElement(header)
{
    private readonly Registry<Item> _items = new("Item");
    private readonly Registry<Itemset> _itemsets = new("Itemset");
    private readonly Registry<SetPredicate> _predicates = new("SetPredicate");
    private readonly Registry<SequenceElement> _sequences = new("Sequence");
    private readonly List<SequenceRule> _rules = [];
    private SequenceTimes _times = SequenceTimes.Unbounded;

    public static SequenceModel Read(ElementReader e)
    {
        var model = new SequenceModel(new ModelHeader(e));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (!model.Header.TryRead(e)) model.ReadPart(e);
        }
        return model;
    }

    public override RowModel Bind(ModelScope scope)
    {
        if (Header.Targets.Length > 0) throw Header.Targets[0].Place.Unsupported("a target of sequence rules");
        var program = scope.Program;
        var order = scope.FieldsOf(UsageType.Order).Select(f => new RowOutput(f.Name, f.Format, f.Value)).FirstOrDefault();
        var times = order is null ? SequenceTimes.Unbounded : _times;
        var sets = new SetBinder(scope, _items, _itemsets, _predicates);
        var patterns = ImmutableArray.CreateBuilder<SequencePattern>();
        for (var i = 0; i < _sequences.Count; i++) patterns.Add(new SequencePattern(Steps(_sequences[i], times.BetweenSets, sets), times.Total));
        var rules = ImmutableArray.CreateBuilder<InferenceRule>();
        foreach (var rule in _rules)
        {
            var (antecedent, consequent) = (_sequences.Find(rule.Antecedent, rule.Place), _sequences.Find(rule.Consequent, rule.Place));
            var after = patterns[consequent].Steps[0] with { Succession = rule.Succession, Apart = rule.Succession == Succession.Together ? TimeBound.None : times.BeforeConsequent };
            var (from, to) = (sets.TextOf(_sequences[antecedent]), sets.TextOf(_sequences[consequent]));
            rules.Add(new InferenceRule(
                program.Symbols.Intern(rule.Id), antecedent, patterns.Count, program.Symbols.Intern(from), program.Symbols.Intern(to), program.Symbols.Intern($"{from} -> {to}"),
                [rule.Confidence, rule.Support, rule.Lift ?? Cell.Missing, Cell.Missing, Cell.Missing]));
            patterns.Add(new SequencePattern([.. patterns[antecedent].Steps, after, .. patterns[consequent].Steps[1..]], times.Total));
        }
        if (sets.Count == 0) throw Header.Place.Fault("none of its sequences has an item");
        var book = new RuleBook(rules.DrainToImmutable(), new BitSlots(program.Slots(BitSlots.CellsFor(patterns.Count)), patterns.Count));
        var result = new ModelResult { Predicted = program.Slot(), Type = CellType.Text, EntityId = program.Slot() };
        return new Histories(
            [.. scope.FieldsOf(UsageType.Group).Select(f => new RowOutput(f.Name, f.Format, f.Value))], sets.Fields(), sets.Count, order, book, patterns.DrainToImmutable(),
            book.Rank(RuleMeasure.Confidence, ascending: false), result, new RuleOutputs(book));
    }

    private void ReadPart(ElementReader e)
    {
        switch (e.Name)
        {
            case "Constraints":
                _times = SequenceTimes.Read(e);
                break;
            case "Item":
                var item = Item.Read(e);
                _items.Add(item.Id, item, item.Place);
                break;
            case "Itemset":
                var itemset = Itemset.Read(e);
                _itemsets.Add(itemset.Id, itemset, itemset.Place);
                break;
            case "SetPredicate":
                var predicate = SetPredicate.Read(e);
                _predicates.Add(predicate.Id, predicate, predicate.Place);
                break;
            case "Sequence":
                var sequence = SequenceElement.Read(e);
                _sequences.Add(sequence.Id, sequence, sequence.Place);
                break;
            case "SequenceRule":
                _rules.Add(SequenceRule.Read(e));
                break;
        }
    }

    private static ImmutableArray<SequenceStep> Steps(SequenceElement sequence, TimeBound apart, SetBinder sets) =>
        [.. sequence.Sets.Select(set => new SequenceStep(set.Succession, set.Succession == Succession.Together ? TimeBound.None : apart, sets.ItemsOf(set.SetId, sequence.Place)))];

    private sealed class Histories(
        ImmutableArray<RowOutput> keys, ImmutableArray<ItemField> fields, int items, RowOutput? order, RuleBook book, ImmutableArray<SequencePattern> patterns, ImmutableArray<int> best,
        ModelResult result, RuleOutputs outputs) : SequenceRules(keys, fields, items, order, book, patterns, best, result), IOutputSource
    {
        public RowExpression? TryBind(OutputField field, ModelScope scope) => outputs.TryBind(field);
    }
}
