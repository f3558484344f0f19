using System.Collections.Immutable;

namespace Slipway.Models.Rows.RuleSets;

/// <summary>How the rules that hold decide.</summary>
internal enum RuleSelection : byte
{
    /// <summary>The first rule decides.</summary>
    FirstHit,

    /// <summary>The category with the largest sum of weights wins.</summary>
    WeightedSum,

    /// <summary>The rule with the largest weight decides.</summary>
    WeightedMax,
}

/// <summary>A step through the rules: a condition, then what it guards.</summary>
/// <param name="Next">The step after everything it guards, where the walk goes on when it does not hold.</param>
/// <param name="Rule">The rule that holds with it; -1 when it only guards others.</param>
internal readonly record struct RuleStep(RowPredicate Condition, int Next, int Rule);

/// <summary>A rule: what it says, and how much that is worth.</summary>
/// <param name="Category">An index into the categories of <see cref="DecisionRules"/>.</param>
/// <param name="Id">A symbol.</param>
/// <param name="Distribution">The probability of every category among the records that the rule holds for; empty when it is not known.</param>
internal sealed record DecisionRule(int Category, double Id, double Confidence, double Weight, ImmutableArray<double> Distribution);

/// <summary>Rules, some inside others, that decide on a category or number together (PMML 4.4.1, RuleSet).</summary>
/// <param name="categories">All that rules and the default say.</param>
/// <param name="sums">The slot of the first category's sum of weights, for <see cref="RuleSelection.WeightedSum"/>; the others follow.</param>
/// <param name="otherwise">What holds when no rule does; null for nothing.</param>
internal sealed class DecisionRules(
    ModelResult result, RuleSelection selection, ImmutableArray<double> categories, ImmutableArray<RuleStep> steps, ImmutableArray<DecisionRule> rules, int sums, DecisionRule? otherwise)
    : RowModel(result)
{
    public override void Score(in Row row)
    {
        var winner = selection switch
        {
            RuleSelection.FirstHit => FirstHit(row),
            RuleSelection.WeightedMax => Heaviest(row),
            _ => HeaviestCategory(row),
        };
        if (winner is not null && selection == RuleSelection.WeightedSum) return;
        ClearConfidences(row);
        winner ??= otherwise;
        if (winner is null) Result.Clear(row);
        else Decide(row, winner, winner.Confidence);
    }

    private DecisionRule? FirstHit(in Row row)
    {
        for (var at = 0; at < steps.Length;)
        {
            ref readonly var step = ref steps.ItemRef(at);
            if (step.Condition.Evaluate(row) != Truth.True) at = step.Next;
            else if (step.Rule >= 0) return rules[step.Rule];
            else at++;
        }
        return null;
    }

    private DecisionRule? Heaviest(in Row row)
    {
        DecisionRule? winner = null;
        for (var at = 0; at < steps.Length;)
        {
            ref readonly var step = ref steps.ItemRef(at);
            if (step.Condition.Evaluate(row) != Truth.True)
            {
                at = step.Next;
                continue;
            }
            if (step.Rule >= 0 && (winner is null || rules[step.Rule].Weight > winner.Weight)) winner = rules[step.Rule];
            at++;
        }
        return winner;
    }

    /// <summary>Leaves the whole result; the winning category's heaviest rule is the one that is named.</summary>
    private DecisionRule? HeaviestCategory(in Row row)
    {
        var weights = row.Cells.Slice(sums, categories.Length);
        weights.Fill(Cell.Missing);
        var (hits, first) = (0, -1);
        for (var at = 0; at < steps.Length;)
        {
            ref readonly var step = ref steps.ItemRef(at);
            if (step.Condition.Evaluate(row) != Truth.True)
            {
                at = step.Next;
                continue;
            }
            at++;
            if (step.Rule < 0) continue;
            var rule = rules[step.Rule];
            weights[rule.Category] = (Cell.IsMissing(weights[rule.Category]) ? 0 : weights[rule.Category]) + rule.Weight;
            if (hits++ == 0) first = rule.Category;
        }
        if (hits == 0) return null;
        var best = first;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] > weights[best]) best = i;
        }
        var winner = HeaviestOf(best, row);
        ClearConfidences(row);
        Decide(row, winner, 0);
        if (Result.Confidences < 0) return winner;
        for (var i = 0; i < weights.Length; i++) row[Result.Confidences + i] = Cell.IsMissing(weights[i]) ? 0 : weights[i] / hits;
        return winner;
    }

    private DecisionRule HeaviestOf(int category, in Row row)
    {
        DecisionRule? winner = null;
        for (var at = 0; at < steps.Length;)
        {
            ref readonly var step = ref steps.ItemRef(at);
            var ofCategory = step.Rule < 0 || rules[step.Rule].Category == category;
            if (!ofCategory || step.Condition.Evaluate(row) != Truth.True)
            {
                at = step.Next;
                continue;
            }
            at++;
            if (step.Rule >= 0 && (winner is null || rules[step.Rule].Weight > winner.Weight)) winner = rules[step.Rule];
        }
        return winner!;
    }

    private void ClearConfidences(in Row row)
    {
        if (Result.Confidences >= 0) row.Cells.Slice(Result.Confidences, categories.Length).Clear();
    }

    private void Decide(in Row row, DecisionRule winner, double confidence)
    {
        row[Result.Predicted] = categories[winner.Category];
        row[Result.EntityId] = winner.Id;
        if (Result.Confidences >= 0) row[Result.Confidences + winner.Category] = confidence;
        if (Result.Probabilities < 0) return;
        var probabilities = row.Cells.Slice(Result.Probabilities, categories.Length);
        if (winner.Distribution.IsEmpty) probabilities.Fill(Cell.Missing);
        else winner.Distribution.CopyTo(probabilities);
    }
}
