using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Sets of items that are made by aggregation (PMML 4.4.1, Transformations: Aggregation), which association rules are applied to.</summary>
public sealed class AggregatedItemsTests
{
    private const string Fields = """<DataField name="transaction" optype="categorical" dataType="string"/><DataField name="item" optype="categorical" dataType="string"/><DataField name="shop" optype="categorical" dataType="string"/>""";

    private const string Collected = """<LocalTransformations><DerivedField name="bought" optype="categorical" dataType="string"><Aggregate field="item" function="multiset" groupField="transaction"/></DerivedField></LocalTransformations>""";

    private static string Model(string schema, string items, string transformations = Collected) => $"""
        <AssociationModel functionName="associationRules"><MiningSchema>{schema}</MiningSchema>{transformations}{items}
        <Itemset id="c"><ItemRef itemRef="1"/></Itemset><Itemset id="cw"><ItemRef itemRef="1"/><ItemRef itemRef="2"/></Itemset><Itemset id="p"><ItemRef itemRef="3"/></Itemset><Itemset id="w"><ItemRef itemRef="2"/></Itemset>
        <AssociationRule antecedent="c" consequent="w" support="0.45" confidence="0.9"/><AssociationRule antecedent="cw" consequent="p" support="0.27" confidence="0.6"/>
        </AssociationModel>
        """;

    private const string Items = """<Item id="1" value="Cracker"/><Item id="2" value="Water"/><Item id="3" value="Pear"/>""";

    private const string Active = """<MiningField name="transaction"/><MiningField name="item"/>""";

    private static readonly (string, string?[])[] Rows = [("transaction", ["B", "A", null, "B", "C"]), ("item", ["Water", "Cracker", "Pear", "Cracker", "Beer"])];

    [Theory]
    [InlineData(Items)]
    [InlineData("""<Item id="1" value="Cracker" field="bought" category="Cracker"/><Item id="2" value="Water" field="bought"/><Item id="3" value="Pear" field="bought"/>""")]
    public void Every_set_has_an_answer_and_records_without_a_group_are_ignored(string items)
    {
        using var model = PmmlTables.Open(Fields, Model(Active, items));
        Assert.Equal(RowRelation.Grouped, model.Signature.Rows);
        Assert.Equal<IEnumerable<string?>>([["B", "[Pear]"], ["A", "[Water]"], ["C", null]], model.Answer(Rows));
    }

    [Fact]
    public void The_usage_group_and_the_group_field_may_say_the_same()
    {
        using var model = PmmlTables.Open(Fields, Model("""<MiningField name="transaction" usageType="group"/><MiningField name="item"/>""", Items));
        Assert.Equal<IEnumerable<string?>>([["B", "[Pear]"], ["A", "[Water]"]], model.Answer(("transaction", ["B", "A", "B"]), ("item", ["Water", "Cracker", "Cracker"])));
    }

    [Fact]
    public void Without_a_group_field_all_records_are_one_set()
    {
        using var model = PmmlTables.Open(Fields, Model("""<MiningField name="item"/>""", Items, Collected.Replace(" groupField=\"transaction\"", "", StringComparison.Ordinal)));
        Assert.Equal<IEnumerable<string?>>([["[Pear]"]], model.Answer(("item", ["Water", "Cracker", "Beer"])));
    }

    [Fact]
    public void A_record_alone_is_a_set_of_one_and_nothing_without_a_group()
    {
        using var model = PmmlTables.Open(Fields, Model(Active, Items));
        var scorer = model.CreateScorer();
        scorer.Set(0, "A");
        scorer.Set(1, "Cracker");
        scorer.Score();
        Assert.Equal("[Water]", scorer.Text(1));
        scorer.SetMissing(0);
        scorer.Score();
        Assert.Null(scorer.Text(1));
    }

    [Fact]
    public void Groups_that_contradict_each_other_are_a_fault()
    {
        var fault = Assert.Throws<ModelException>(() => PmmlTables.Open(Fields, Model("""<MiningField name="shop" usageType="group"/><MiningField name="transaction"/><MiningField name="item"/>""", Items)));
        Assert.Contains("the field 'bought' collects records by 'transaction', but the model by 'shop'", fault.Message, StringComparison.Ordinal);
    }
}
