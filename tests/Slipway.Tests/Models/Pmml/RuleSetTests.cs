using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

public sealed class RuleSetTests
{
    private const string Fields = "BP=HIGH,LOW,NORMAL K Age:integer Na *drug=drugA,drugB,drugC,drugX,drugY";

    private const string Output = """
        <Output><OutputField name="confidence" feature="confidence" dataType="double" optype="continuous"/>
        <OutputField name="confidenceB" feature="confidence" value="drugB" dataType="double" optype="continuous"/>
        <OutputField name="rule" feature="entityId" dataType="string" optype="categorical"/>
        <OutputField name="probabilityB" feature="probability" value="drugB" dataType="double" optype="continuous"/></Output>
        """;

    /// <summary>The example of PMML 4.4.1, RuleSet.</summary>
    private const string Rules = """
        <CompoundRule><SimplePredicate field="BP" operator="equal" value="HIGH"/>
          <CompoundRule><SimplePredicate field="Age" operator="lessOrEqual" value="50"/>
            <SimpleRule id="RULE1" score="drugB" recordCount="79" nbCorrect="76" confidence="0.9" weight="0.9">
              <CompoundPredicate booleanOperator="and"><SimplePredicate field="K" operator="greaterThan" value="0.045804001"/><SimplePredicate field="Na" operator="lessOrEqual" value="0.77240998"/></CompoundPredicate>
              <ScoreDistribution value="drugA" recordCount="2"/><ScoreDistribution value="drugB" recordCount="76"/><ScoreDistribution value="drugC" recordCount="2"/></SimpleRule>
            <SimpleRule id="RULE2" score="drugA" recordCount="278" nbCorrect="168" confidence="0.6" weight="0.6"><SimplePredicate field="K" operator="greaterThan" value="0.057789002"/></SimpleRule>
          </CompoundRule>
          <SimpleRule score="drugA" confidence="0.36" weight="0.36"><SimplePredicate field="Na" operator="greaterThan" value="0.21"/></SimpleRule>
        </CompoundRule>
        <SimpleRule id="RULE4" score="drugX" confidence="0.5"><SimplePredicate field="BP" operator="equal" value="LOW"/></SimpleRule>
        """;

    private static readonly (string, object?)[] High = [("BP", "HIGH"), ("K", 0.0621), ("Age", 36), ("Na", 0.5023)];

    [Fact]
    public void First_hit_is_the_first_rule_that_holds()
    {
        using var model = RuleSet("firstHit");
        var answer = model.Score(High);
        Assert.Equal("drugB", answer["drug"]);
        Assert.Equal(0.9, answer["confidence"]);
        Assert.Equal("RULE1", answer["rule"]);
        Assert.Equal(76.0 / 80, answer["probabilityB"]);
    }

    /// <summary>The standard's arithmetic: (0.6 + 0.36) / 3 for drugA, 0.9 / 3 for drugB.</summary>
    [Fact]
    public void Weighted_sum_takes_the_heaviest_category_and_divides_by_the_rules_that_hold()
    {
        using var model = RuleSet("weightedSum");
        var answer = model.Score(High);
        Assert.Equal("drugA", answer["drug"]);
        Assert.Equal(0.32, (double)answer["confidence"]!, 12);
        Assert.Equal(0.3, (double)answer["confidenceB"]!, 12);
        Assert.Equal("RULE2", answer["rule"]);
        Assert.Null(answer["probabilityB"]);
    }

    [Fact]
    public void Weighted_max_takes_the_heaviest_rule()
    {
        using var model = RuleSet("weightedMax");
        var answer = model.Score(High);
        Assert.Equal("drugB", answer["drug"]);
        Assert.Equal(0.9, answer["confidence"]);
        Assert.Equal("RULE1", answer["rule"]);
    }

    [Fact]
    public void Rules_inside_a_rule_that_does_not_hold_are_skipped_and_a_rule_without_id_is_its_number()
    {
        using var model = RuleSet("firstHit");
        Assert.Equal("3", model.Score(("BP", "HIGH"), ("K", 0.0621), ("Age", 51), ("Na", 0.5023))["rule"]);
        Assert.Equal("RULE4", model.Score(("BP", "LOW"), ("K", 0.0621), ("Age", 36), ("Na", 0.5))["rule"]);
    }

    [Theory]
    [InlineData("firstHit")]
    [InlineData("weightedSum")]
    [InlineData("weightedMax")]
    public void Default_score_is_taken_when_no_rule_holds(string selection)
    {
        using var model = RuleSet(selection, "defaultScore='drugY' defaultConfidence='0.25'");
        var answer = model.Score(("BP", "NORMAL"));
        Assert.Equal("drugY", answer["drug"]);
        Assert.Equal(0.25, answer["confidence"]);
        Assert.Null(answer["rule"]);
        using var without = RuleSet(selection);
        Assert.All(without.Score(("BP", "NORMAL")).Values, Assert.Null);
    }

    [Fact]
    public void Condition_on_a_missing_value_does_not_hold()
    {
        using var model = RuleSet("firstHit");
        Assert.Equal("RULE2", model.Score(("BP", "HIGH"), ("K", 0.06), ("Age", 36))["rule"]);
        Assert.Equal("3", model.Score(("BP", "HIGH"), ("Age", 36), ("Na", 0.5))["rule"]);
    }

    [Fact]
    public void First_of_equals_wins_by_weight_and_by_sum()
    {
        const string rules = """<SimpleRule score="drugC" weight="2"><True/></SimpleRule><SimpleRule score="drugA" weight="2"><True/></SimpleRule>""";
        using var max = RuleSet("weightedMax", rules: rules, output: "");
        Assert.Equal("drugC", max.Score()["drug"]);
        using var sum = RuleSet("weightedSum", rules: rules, output: "");
        Assert.Equal("drugC", sum.Score()["drug"]);
    }

    [Fact]
    public void First_of_several_selection_methods_counts()
    {
        using var model = new PmmlTest(Fields, $"<RuleSetModel functionName='classification'><MiningSchema/>{Output}<RuleSet><RuleSelectionMethod criterion='weightedSum'/><RuleSelectionMethod criterion='firstHit'/>{Rules}</RuleSet></RuleSetModel>");
        Assert.Equal("drugA", model.Score(High)["drug"]);
    }

    [Fact]
    public void Numbers_can_be_what_rules_say()
    {
        using var model = new PmmlTest("x *y", """
            <RuleSetModel functionName="regression"><MiningSchema/><Targets><Target rescaleFactor="2"/></Targets><RuleSet defaultScore="-1.5"><RuleSelectionMethod criterion="firstHit"/>
            <SimpleRule score="2.25"><SimplePredicate field="x" operator="greaterThan" value="0"/></SimpleRule></RuleSet></RuleSetModel>
            """);
        Assert.Equal(4.5, model.Score(("x", 1))["y"]);
        Assert.Equal(-3.0, model.Score(("x", -1))["y"]);
    }

    /// <summary>The walk over nested rules against a recursion that follows the standard's words.</summary>
    [Fact]
    public void Nested_rules_agree_with_a_recursion()
    {
        var random = new Random(17);
        for (var round = 0; round < 30; round++)
        {
            var rules = Enumerable.Range(0, 4).Select(_ => RandomRule(random, 3)).ToArray();
            var text = string.Concat(rules.Select(r => r.Text));
            using var first = RuleSet("firstHit", rules: text, output: "<Output><OutputField name='rule' feature='entityId' dataType='string' optype='categorical'/></Output>");
            using var max = RuleSet("weightedMax", rules: text, output: "<Output><OutputField name='rule' feature='entityId' dataType='string' optype='categorical'/></Output>");
            for (var i = 0; i < 10; i++)
            {
                var x = random.Next(100);
                var hits = rules.SelectMany(r => r.Hits(x)).ToArray();
                Assert.Equal(hits.FirstOrDefault().Id, first.Score(("K", x))["rule"]);
                Assert.Equal(hits.OrderByDescending(h => h.Weight).FirstOrDefault().Id, max.Score(("K", x))["rule"]);
            }
        }
    }

    [Theory]
    [InlineData("<RuleSet><SimpleRule score='drugA'><True/></SimpleRule></RuleSet>", "RuleSelectionMethod")]
    [InlineData("<RuleSet><RuleSelectionMethod criterion='best'/></RuleSet>", "firstHit, weightedSum, weightedMax")]
    [InlineData("<RuleSet><RuleSelectionMethod criterion='firstHit'/><SimpleRule><True/></SimpleRule></RuleSet>", "score")]
    [InlineData("<RuleSet><RuleSelectionMethod criterion='firstHit'/><SimpleRule score='drugA'/></RuleSet>", "no predicate")]
    [InlineData("<RuleSet><RuleSelectionMethod criterion='firstHit'/><CompoundRule><SimpleRule score='drugA'><True/></SimpleRule></CompoundRule></RuleSet>", "no predicate")]
    public void Incomplete_rule_set_is_refused_with_what_is_absent(string ruleSet, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelException>(() => new PmmlTest(Fields, $"<RuleSetModel functionName='classification'><MiningSchema/>{ruleSet}</RuleSetModel>").Dispose()).Message, StringComparison.Ordinal);

    private static PmmlTest RuleSet(string selection, string attributes = "", string rules = Rules, string output = Output) =>
        new(Fields, $"<RuleSetModel functionName='classification'><MiningSchema/>{output}<RuleSet {attributes}><RuleSelectionMethod criterion='{selection}'/>{rules}</RuleSet></RuleSetModel>");

    private static (string Text, Func<int, IEnumerable<(string? Id, int Weight)>> Hits) RandomRule(Random random, int depth)
    {
        var limit = random.Next(100);
        var condition = $"<SimplePredicate field='K' operator='lessThan' value='{limit}'/>";
        if (depth == 0 || random.Next(3) == 0)
        {
            var (id, weight) = ($"R{random.Next(1_000_000)}", random.Next(1_000_000));
            return ($"<SimpleRule id='{id}' weight='{weight}' score='drugA'>{condition}</SimpleRule>", x => x < limit ? [(id, weight)] : []);
        }
        var inner = Enumerable.Range(0, random.Next(4)).Select(_ => RandomRule(random, depth - 1)).ToArray();
        return ($"<CompoundRule>{condition}{string.Concat(inner.Select(r => r.Text))}</CompoundRule>", x => x < limit ? inner.SelectMany(r => r.Hits(x)) : []);
    }
}
