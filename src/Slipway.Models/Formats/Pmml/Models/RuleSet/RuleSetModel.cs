using System.Collections.Immutable;
using System.Globalization;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.RuleSets;

namespace Slipway.Models.Formats.Pmml.Models.RuleSet;

/// <summary>The element <c>RuleSetModel</c> (PMML 4.4.1, RuleSet). Of several selection methods the first counts.</summary>
internal sealed class RuleSetModel : ModelElement
{
    private static readonly Choices<RuleSelection> Selections = new(
        ("firstHit", RuleSelection.FirstHit), ("weightedSum", RuleSelection.WeightedSum), ("weightedMax", RuleSelection.WeightedMax));

    private readonly List<Rule> _rules = [];
    private Place _place;
    private string? _defaultScore;
    private double _defaultConfidence;
    private RuleSelection? _selection;

    private RuleSetModel(ModelHeader header) : base(header)
    {
    }

    public static RuleSetModel Read(ElementReader e)
    {
        var model = new RuleSetModel(new ModelHeader(e));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (!model.Header.TryRead(e) && e.Name == "RuleSet") model.ReadRules(e);
        }
        if (model._selection is null) throw model.Header.Place.Fault("it has no RuleSet with a RuleSelectionMethod");
        return model;
    }

    public override RowModel Bind(ModelScope scope)
    {
        var categories = new List<double>(scope.Target.Categories);
        var rules = new List<SimpleRule>();
        Walk(_rules, rules, categories, scope);
        var otherwise = _defaultScore is null ? -1 : CategoryOf(_defaultScore, _place, categories, scope);
        var compiled = ImmutableArray.CreateBuilder<DecisionRule>();
        foreach (var rule in rules)
        {
            var id = scope.Program.Symbols.Intern(rule.Id ?? (compiled.Count + 1).ToString(CultureInfo.InvariantCulture));
            compiled.Add(new DecisionRule(CategoryOf(rule.Score, rule.Place, categories, scope), id, rule.Confidence, rule.Weight, Distribution(rule, categories, scope)));
        }
        var steps = new List<RuleStep>();
        var count = 0;
        Compile(_rules, steps, ref count, scope);
        var isNumber = Header.Function == MiningFunction.Regression;
        var result = new ModelResult
        {
            Predicted = scope.Program.Slot(),
            Type = scope.Target.Format.Type,
            EntityId = scope.Program.Slot(),
            Categories = isNumber ? [] : [.. categories],
            Confidences = isNumber ? -1 : scope.Program.Slots(categories.Count),
            Probabilities = isNumber || compiled.All(r => r.Distribution.IsEmpty) ? -1 : scope.Program.Slots(categories.Count),
        };
        var sums = _selection == RuleSelection.WeightedSum ? scope.Program.Slots(categories.Count) : -1;
        return new DecisionRules(
            result, _selection!.Value, [.. categories], [.. steps], compiled.DrainToImmutable(), sums,
            otherwise < 0 ? null : new DecisionRule(otherwise, Cell.Missing, _defaultConfidence, 0, []));
    }

    private void ReadRules(ElementReader e)
    {
        _place = e.Place;
        _defaultScore = e.Attribute("defaultScore");
        _defaultConfidence = e.Number("defaultConfidence", 0);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "RuleSelectionMethod") _selection ??= e.RequireChoice("criterion", Selections);
            else if (Rule.TryRead(e) is { } rule) _rules.Add(rule);
        }
    }

    /// <summary>Lists the simple rules in the file's order, and every category that they name.</summary>
    private static void Walk(IEnumerable<Rule> from, List<SimpleRule> rules, List<double> categories, ModelScope scope)
    {
        foreach (var rule in from)
        {
            if (rule is CompoundRule compound)
            {
                Walk(compound.Rules, rules, categories, scope);
                continue;
            }
            var simple = (SimpleRule)rule;
            CategoryOf(simple.Score, simple.Place, categories, scope);
            foreach (var share in simple.Shares) CategoryOf(share.Category, share.Place, categories, scope);
            rules.Add(simple);
        }
    }

    private static void Compile(IEnumerable<Rule> rules, List<RuleStep> steps, ref int count, ModelScope scope)
    {
        foreach (var rule in rules)
        {
            var at = steps.Count;
            var condition = rule.Predicate.Bind(scope.Fields);
            steps.Add(new RuleStep(condition, at + 1, -1));
            if (rule is CompoundRule compound) Compile(compound.Rules, steps, ref count, scope);
            steps[at] = new RuleStep(condition, steps.Count, rule is SimpleRule ? count++ : -1);
        }
    }

    private static int CategoryOf(string text, Place place, List<double> categories, ModelScope scope)
    {
        var category = scope.Category(text, place);
        var index = categories.IndexOf(category);
        if (index >= 0) return index;
        categories.Add(category);
        return categories.Count - 1;
    }

    private static ImmutableArray<double> Distribution(SimpleRule rule, List<double> categories, ModelScope scope)
    {
        if (rule.Shares.IsEmpty) return [];
        var total = rule.Shares.Sum(s => s.RecordCount);
        if (!(total > 0) && rule.Shares.Any(s => s.Probability is null)) return [];
        var distribution = new double[categories.Count];
        foreach (var share in rule.Shares) distribution[CategoryOf(share.Category, share.Place, categories, scope)] = share.Probability ?? share.RecordCount / total;
        return [.. distribution];
    }
}
