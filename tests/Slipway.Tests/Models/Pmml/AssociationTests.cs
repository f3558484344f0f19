using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

public sealed class AssociationTests
{
    private const string GroupedFields = """<DataField name="basket" optype="categorical" dataType="string"/><DataField name="item" optype="categorical" dataType="string"/>""";

    private const string GroupedSchema = """<MiningSchema><MiningField name="basket" usageType="group"/><MiningField name="item"/></MiningSchema>""";

    /// <summary>Cracker → Water (0.9), Cracker → Coke (0.5), Cracker and Water → Pear (0.6), nothing → Banana (0.2).</summary>
    private const string Rules = """
        <Item id="1" value="Cracker"/><Item id="2" value="Coke"/><Item id="3" value="Water"/><Item id="4" value="Pear"/><Item id="5" value="Banana"/>
        <Itemset id="c" support="0.5"><ItemRef itemRef="1"/></Itemset>
        <Itemset id="k" support="0.25"><ItemRef itemRef="2"/></Itemset>
        <Itemset id="w" support="0.6"><ItemRef itemRef="3"/></Itemset>
        <Itemset id="cw" support="0.45"><ItemRef itemRef="1"/><ItemRef itemRef="3"/></Itemset>
        <Itemset id="p" support="0.4"><ItemRef itemRef="4"/></Itemset>
        <Itemset id="b" support="0.2"><ItemRef itemRef="5"/></Itemset>
        <Itemset id="none" support="1"/>
        <AssociationRule antecedent="c" consequent="w" support="0.45" confidence="0.9"/>
        <AssociationRule id="two" antecedent="c" consequent="k" support="0.25" confidence="0.5"/>
        <AssociationRule antecedent="cw" consequent="p" support="0.27" confidence="0.6" lift="7"/>
        <AssociationRule antecedent="none" consequent="b" support="0.2" confidence="0.2"/>
        """;

    [Fact]
    public void A_basket_is_answered_by_its_best_rules_by_selection()
    {
        using var model = Grouped("""
            <OutputField name="recommended" feature="ruleValue" ruleFeature="ruleId" algorithm="recommendation" isMultiValued="1" rank="0"/>
            <OutputField name="new" feature="ruleValue" ruleFeature="ruleId" isMultiValued="1" rank="0"/>
            <OutputField name="met" feature="ruleValue" ruleFeature="ruleId" algorithm="ruleAssociation" isMultiValued="1" rank="0"/>
            <OutputField name="best two" feature="ruleValue" ruleFeature="confidence" algorithm="recommendation" isMultiValued="1" rank="2" dataType="double"/>
            <OutputField name="by lift" feature="ruleValue" ruleFeature="ruleId" algorithm="recommendation" rankBasis="lift" isMultiValued="1" rank="0"/>
            <OutputField name="rarest" feature="ruleValue" ruleFeature="ruleId" algorithm="recommendation" rankBasis="support" rankOrder="ascending" rank="1"/>
            """);
        var answers = model.Answer(("basket", ["A", "A"]), ("item", ["Water", "Cracker"]));
        Assert.Equal(["A", "[Pear]", "[1, 3, two, 4]", "[3, two, 4]", "[1]", "[0.9, 0.6]", "[3, two, 1, 4]", "4"], Assert.Single(answers).AsEnumerable());
    }

    [Fact]
    public void Rule_features_have_features_of_their_own_since_4_2()
    {
        using var model = Grouped("""
            <OutputField name="if" feature="antecedent" algorithm="recommendation" rank="2"/><OutputField name="then" feature="consequent" algorithm="recommendation" rank="2"/>
            <OutputField name="rule" feature="rule" algorithm="recommendation" rank="2"/><OutputField name="id" feature="ruleId" algorithm="recommendation" rank="2"/>
            <OutputField name="entity" feature="entityId" algorithm="recommendation" rank="2"/><OutputField name="confidence" feature="confidence" algorithm="recommendation" rank="2"/>
            <OutputField name="support" feature="support" algorithm="recommendation" rank="2"/><OutputField name="lift" feature="lift" algorithm="recommendation" rank="2"/>
            <OutputField name="leverage" feature="leverage" algorithm="recommendation" rank="2"/><OutputField name="affinity" feature="affinity" algorithm="recommendation" rank="2"/>
            <OutputField name="fifth" feature="ruleId" algorithm="recommendation" rank="5"/>
            """);
        var answer = Assert.Single(model.Answer(("basket", ["A", "A"]), ("item", ["Water", "Cracker"])));
        Assert.Equal(["[Cracker, Water]", "[Pear]", "{Cracker,Water}->{Pear}", "3", "3", "0.6", "0.27", "7"], answer.Skip(2).Take(8));
        Assert.Equal(0.27 - (0.45 * 0.4), double.Parse(answer[10]!, System.Globalization.CultureInfo.InvariantCulture), 12);
        Assert.Equal(0.27 / (0.45 + 0.4 - 0.27), double.Parse(answer[11]!, System.Globalization.CultureInfo.InvariantCulture), 12);
        Assert.Null(answer[12]);
    }

    [Fact]
    public void Baskets_are_answered_in_the_order_of_their_first_item_however_they_are_mixed()
    {
        using var model = Grouped("");
        var answers = model.Answer(("basket", ["B", "A", "B", "A", "C", "B"]), ("item", ["Water", "Coke", "Cracker", "Cracker", "Beer", null]));
        Assert.Equal<IEnumerable<string?>>([["B", "[Pear]"], ["A", "[Water]"], ["C", "[Banana]"]], answers);
        Assert.Empty(model.Answer(("basket", []), ("item", [])));
    }

    [Fact]
    public void Record_without_a_group_is_refused_by_its_number()
    {
        using var model = Grouped("");
        var refusal = Assert.Throws<RecordException>(() => model.Answer(("basket", ["A", null]), ("item", ["Water", "Coke"])));
        Assert.Contains("row 1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("basket", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_alone_is_a_basket_of_one_item()
    {
        using var model = Grouped("");
        var scorer = model.CreateScorer();
        scorer.Set(0, "A");
        scorer.Set(1, "Cracker");
        scorer.Score();
        Assert.Equal("[Water]", scorer.Text(1));
    }

    [Fact]
    public void Item_field_of_old_files_may_be_marked_as_predicted()
    {
        using var model = PmmlTables.Open(GroupedFields, $"<AssociationModel functionName='associationRules'>{GroupedSchema.Replace("name=\"item\"", "name=\"item\" usageType=\"predicted\"", StringComparison.Ordinal)}{Rules}</AssociationModel>");
        Assert.Equal<IEnumerable<string?>>([["A", "[Pear]"]], model.Answer(("basket", ["A", "A"]), ("item", ["Water", "Cracker"])));
    }

    [Fact]
    public void Without_a_group_fields_are_the_items_by_flag_or_value()
    {
        const string items = """
            <Item id="1" value="Cracker"/><Item id="2" value="Coke"/><Item id="3" value="day=weekday"/><Item id="4" value="size is 3" field="size" category="3"/>
            <Itemset id="a"><ItemRef itemRef="1"/><ItemRef itemRef="3"/></Itemset><Itemset id="b"><ItemRef itemRef="2"/></Itemset><Itemset id="c"><ItemRef itemRef="4"/></Itemset>
            <AssociationRule antecedent="a" consequent="b" support="0.5" confidence="0.5"/><AssociationRule antecedent="c" consequent="a" support="0.5" confidence="0.25"/>
            """;
        using var model = new PmmlTest("Cracker:boolean Coke:string day=weekday,sunday size:integer", $"<AssociationModel functionName='associationRules'><MiningSchema/>{items}</AssociationModel>");
        Assert.Equal("[Coke]", model.Score(("Cracker", "true"), ("Coke", "F"), ("day", "weekday"))["_target"]);
        Assert.Null(model.Score(("Cracker", "true"), ("Coke", "T"), ("day", "weekday"))["_target"]);
        Assert.Null(model.Score(("Cracker", "true"), ("day", "sunday"))["_target"]);
        Assert.Equal("[Cracker, day=weekday]", model.Score(("size", 3), ("Cracker", "false"))["_target"]);
        Assert.Contains("neither true nor false", Assert.Throws<RecordException>(() => model.Score(("Coke", "maybe"))).Message, StringComparison.Ordinal);
    }

    /// <summary>The index of itemsets against the definition, on baskets of up to 200 items and thousands of rules.</summary>
    [Fact]
    public void Selected_rules_are_those_whose_antecedent_is_in_the_basket()
    {
        var random = new Random(5);
        var itemsets = Enumerable.Range(0, 2000).Select(_ => Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(200)).Distinct().ToArray()).ToArray();
        var text = string.Concat(Enumerable.Range(0, 200).Select(i => $"<Item id='{i}' value='v{i}'/>"))
            + string.Concat(itemsets.Select((s, i) => $"<Itemset id='{i}'>{string.Concat(s.Select(item => $"<ItemRef itemRef='{item}'/>"))}</Itemset>"))
            + string.Concat(Enumerable.Range(0, 1000).Select(i => $"<AssociationRule id='r{i}' antecedent='{i}' consequent='{i + 1000}' support='0.1' confidence='0.5'/>"));
        const string output = """<Output><OutputField name="new" feature="ruleValue" ruleFeature="ruleId" isMultiValued="1" rank="0"/></Output>""";
        using var model = PmmlTables.Open(GroupedFields, $"<AssociationModel functionName='associationRules'>{GroupedSchema}{output}{text}</AssociationModel>");
        var records = Enumerable.Range(0, 3000).Select(_ => (Basket: $"b{random.Next(40)}", Item: random.Next(210))).ToArray();
        var answers = model.Answer(("basket", [.. records.Select(r => r.Basket)]), ("item", [.. records.Select(r => $"v{r.Item}")]));
        var expected = records.GroupBy(r => r.Basket, r => r.Item).Select(group =>
        {
            var basket = group.ToHashSet();
            return (group.Key, Rules: Enumerable.Range(0, 1000).Where(i => itemsets[i].All(basket.Contains) && !itemsets[i + 1000].All(basket.Contains)));
        });
        Assert.Equal(expected.Select(e => (e.Key, $"[{string.Join(", ", e.Rules.Select(r => $"r{r}"))}]")), answers.Select(a => (a[0]!, a[2]!)));
    }

    [Theory]
    [InlineData("<Itemset id='x'><ItemRef itemRef='9'/></Itemset>", "no Item with the id '9'")]
    [InlineData("<Item id='1' value='again'/>", "taken")]
    [InlineData("<Item id='9' value='Coke'/>", "another item's")]
    [InlineData("<AssociationRule antecedent='c' consequent='z' support='1' confidence='1'/>", "no Itemset with the id 'z'")]
    [InlineData("<Output><OutputField name='o' feature='ruleValue' rankBasis='zeal'/></Output>", "rankBasis")]
    [InlineData("<Output><OutputField name='o' feature='ruleValue' rank='0'/></Output>", "rank")]
    [InlineData("<Output><OutputField name='o' feature='ruleValue' ruleFeature='zeal'/></Output>", "zeal")]
    [InlineData("<Output><OutputField name='o' feature='ruleValue' rankBasis='lift'/></Output><Itemset id='bare'/><AssociationRule antecedent='c' consequent='bare' support='1' confidence='1'/>", "not every rule has a lift")]
    public void Faulty_rules_are_refused_with_what_is_wrong(string content, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelException>(() => PmmlTables.Open(GroupedFields, $"<AssociationModel functionName='associationRules'>{GroupedSchema}{Rules}{content}</AssociationModel>")).Message, StringComparison.Ordinal);

    private static Slipway.Models.Rows.RowProgramModel Grouped(string outputs) =>
        PmmlTables.Open(GroupedFields, $"<AssociationModel functionName='associationRules'>{GroupedSchema}<Output>{outputs}</Output>{Rules}</AssociationModel>");
}
