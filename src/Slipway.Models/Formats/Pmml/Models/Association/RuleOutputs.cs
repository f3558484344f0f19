using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Associations;

namespace Slipway.Models.Formats.Pmml.Models.Association;

/// <summary>Outputs about the rules that a group of records selects (PMML 4.4.1, Output: Association Rules).</summary>
internal sealed class RuleOutputs(RuleBook book)
{
    private static readonly Choices<RuleSelector> Selectors = new(
        ("recommendation", RuleSelector.Recommendation), ("exclusiveRecommendation", RuleSelector.ExclusiveRecommendation), ("ruleAssociation", RuleSelector.RuleAssociation));

    private static readonly Choices<RuleMeasure> Measures = new(
        ("confidence", RuleMeasure.Confidence), ("support", RuleMeasure.Support), ("lift", RuleMeasure.Lift), ("leverage", RuleMeasure.Leverage), ("affinity", RuleMeasure.Affinity));

    private readonly Dictionary<(RuleMeasure, bool), ImmutableArray<int>> _orders = [];

    /// <returns>Null for an output that is not about rules.</returns>
    public RowExpression? TryBind(OutputField field)
    {
        if (FeatureOf(field) is not { } feature) return null;
        var selector = Selectors.Find(field.Algorithm) ?? throw field.Place.Fault($"algorithm=\"{field.Algorithm}\" is unknown; it may be {Selectors}");
        var basis = Measures.Find(field.RankBasis) ?? throw field.Place.Fault($"rankBasis=\"{field.RankBasis}\" is unknown; it may be {Measures}");
        if (field.Rank < 0 || (field.Rank == 0 && !field.IsMultiValued)) throw field.Place.Fault($"rank=\"{field.Rank}\": ranks count from 1; 0 stands for all when isMultiValued=\"1\"");
        var order = Order(basis, field.RankAscending, field);
        var (type, values) = Values(feature, field);
        if (field.IsMultiValued) return new RuleListExpression(book, selector, order, type, values, field.Rank);
        return new RankedRuleExpression(book, selector, order, type, values, field.Rank);
    }

    /// <summary>Since 4.2 the rule's property is a feature of its own; before, <c>ruleValue</c> has a rule feature.</summary>
    private static string? FeatureOf(OutputField field) => field.Feature switch
    {
        OutputFeature.RuleValue => field.RuleFeature ?? "consequent",
        OutputFeature.Antecedent => "antecedent",
        OutputFeature.Consequent => "consequent",
        OutputFeature.Rule => "rule",
        OutputFeature.RuleId or OutputFeature.EntityId => "ruleId",
        OutputFeature.Confidence => "confidence",
        OutputFeature.Support => "support",
        OutputFeature.Lift => "lift",
        OutputFeature.Leverage => "leverage",
        OutputFeature.Affinity => "affinity",
        _ => null,
    };

    private ImmutableArray<int> Order(RuleMeasure basis, bool ascending, OutputField field)
    {
        foreach (var rule in book.Rules)
        {
            if (Cell.IsMissing(rule.Measures[(int)basis])) throw field.Place.Fault($"rankBasis=\"{field.RankBasis}\", but not every rule has a {field.RankBasis}, or itemsets with a support from which it follows");
        }
        if (!_orders.TryGetValue((basis, ascending), out var order)) _orders[(basis, ascending)] = order = book.Rank(basis, ascending);
        return order;
    }

    private (CellType Type, ImmutableArray<double> Values) Values(string feature, OutputField field) => feature switch
    {
        "antecedent" => (CellType.Text, [.. book.Rules.Select(r => r.AntecedentText)]),
        "consequent" => (CellType.Text, [.. book.Rules.Select(r => r.ConsequentText)]),
        "rule" => (CellType.Text, [.. book.Rules.Select(r => r.RuleText)]),
        "ruleId" => (CellType.Text, [.. book.Rules.Select(r => r.Id)]),
        _ when Measures.Find(feature) is { } measure => (CellType.Float64, [.. book.Rules.Select(r => r.Measures[(int)measure])]),
        _ => throw field.Place.Fault($"ruleFeature=\"{feature}\" is unknown; it may be antecedent, consequent, rule, ruleId, {Measures}"),
    };
}
