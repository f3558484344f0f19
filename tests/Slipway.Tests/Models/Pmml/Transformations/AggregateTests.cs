using System.Globalization;
using Slipway.Core;
using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Pmml.Transformations;

/// <summary>Values of many records (PMML 4.4.1, Transformations: Aggregation). Expected values by hand.</summary>
public sealed class AggregateTests
{
    private static readonly (string, string?[])[] Rows = [("g", ["a", "b", "a", null, "b", "a"]), ("x", ["1", "10", "2", "100", null, "4"])];

    private static RowProgramModel Open(string expression, string dataType = "double", string fields = "g:string x *y") =>
        PmmlTest.Open(PmmlTest.Document(fields, Derived.Model(expression, dataType)));

    private static IReadOnlyList<string?> Column(string expression, string dataType = "double", string fields = "g:string x *y", params (string, string?[])[] rows)
    {
        using var model = Open(expression, dataType, fields);
        return [.. model.Answer(rows.Length == 0 ? Rows : rows).Select(answer => answer[^1])];
    }

    [Theory]
    [InlineData("count", "3", "1")]
    [InlineData("sum", "7", "10")]
    [InlineData("average", "2.3333333333333335", "10")]
    [InlineData("min", "1", "10")]
    [InlineData("max", "4", "10")]
    public void Records_with_the_same_group_share_a_value_and_a_record_without_one_has_none(string function, string a, string b) =>
        Assert.Equal([a, b, a, null, b, a], Column($"<Aggregate field='x' function='{function}' groupField='g'/>"));

    [Theory]
    [InlineData("count", "5")]
    [InlineData("sum", "117")]
    [InlineData("average", "23.4")]
    [InlineData("min", "1")]
    [InlineData("max", "100")]
    public void Without_a_group_field_all_records_are_one_group(string function, string all) =>
        Assert.Equal(Enumerable.Repeat<string?>(all, 6), Column($"<Aggregate field='x' function='{function}'/>"));

    [Theory]
    [InlineData("count", "0")]
    [InlineData("sum", null)]
    [InlineData("average", null)]
    [InlineData("min", null)]
    [InlineData("max", null)]
    public void A_group_without_values_has_a_count_only(string function, string? value) =>
        Assert.Equal([value, value], Column($"<Aggregate field='x' function='{function}' groupField='g'/>", rows: [("g", ["a", "a"]), ("x", [null, null])]));

    [Fact]
    public void A_multiset_keeps_the_records_order_and_equal_values() =>
        Assert.Equal(["[beer, chips, beer]", "[wine]", "[beer, chips, beer]", "[beer, chips, beer]", null, "[]"], Column(
            "<Aggregate field='t' function='multiset' groupField='g'/>", "string", "g:string t:string *y",
            ("g", ["1", "2", "1", "1", null, "3"]), ("t", ["beer", "wine", "chips", "beer", "milk", null])));

    [Fact]
    public void A_record_scored_alone_is_its_own_group()
    {
        using var model = new PmmlTest("g:string x *y", Derived.Model("<Aggregate field='x' function='sum' groupField='g'/>"));
        Assert.Equal(5.0, model.Score(("g", "a"), ("x", 5))["out"]);
        Assert.Null(model.Score(("x", 5))["out"]);
        Assert.Null(model.Score(("g", "a"))["out"]);
        using var count = new Derived("x *y", "<Aggregate field='x' function='count'/>");
        Assert.Equal(0.0, count[("x", null)]);
        Assert.Equal(1.0, count[("x", 7)]);
        using var set = new Derived("t:string *y", "<Aggregate field='t' function='multiset'/>", "string");
        Assert.Equal("[tea]", set[("t", "tea")]);
        Assert.Equal("[]", set[("t", null)]);
    }

    [Fact]
    public void Types_are_those_of_the_field_where_the_function_keeps_it()
    {
        (string, string?[])[] rows = [("d", ["2020-02-03", "2019-12-31", null]), ("n", ["3", "4", "8"])];
        Assert.Equal("2019-12-31", Column("<Aggregate field='d' function='min'/>", "date", "d:date n:integer *y", rows)[2]);
        Assert.Equal("2020-02-03", Column("<Aggregate field='d' function='max'/>", "date", "d:date n:integer *y", rows)[2]);
        Assert.Equal("15", Column("<Aggregate field='n' function='sum'/>", "integer", "d:date n:integer *y", rows)[0]);
        Assert.Equal("5", Column("<Aggregate field='n' function='average'/>", "double", "d:date n:integer *y", rows)[0]);
        Assert.Equal("2", Column("<Aggregate field='d' function='count'/>", "integer", "d:date n:integer *y", rows)[0]);
    }

    /// <summary>Deviations from the group's mean, then the greatest of all: a: 1 − 7/3, 2 − 7/3, 4 − 7/3; b: 0.</summary>
    [Fact]
    public void Aggregates_of_aggregates_are_computed_after_them()
    {
        var model = PmmlTest.Open(PmmlTest.Document("g:string x *y", """
            <RegressionModel functionName="regression"><MiningSchema/><LocalTransformations>
            <DerivedField name="top" optype="continuous" dataType="double"><Aggregate field="deviation" function="max"/></DerivedField>
            <DerivedField name="mean" optype="continuous" dataType="double"><Aggregate field="x" function="average" groupField="g"/></DerivedField>
            <DerivedField name="deviation" optype="continuous" dataType="double"><Apply function="-"><FieldRef field="x"/><FieldRef field="mean"/></Apply></DerivedField>
            </LocalTransformations><RegressionTable intercept="0"><NumericPredictor name="deviation" coefficient="1"/><NumericPredictor name="top" coefficient="100"/></RegressionTable></RegressionModel>
            """));
        using (model)
        {
            double?[] expected = [1 - (7 / 3.0), 0, 2 - (7 / 3.0), null, null, 4 - (7 / 3.0)];
            var answers = model.Answer(Rows);
            for (var i = 0; i < expected.Length; i++)
            {
                if (expected[i] is { } deviation) Assert.Equal(deviation + (100 * (4 - (7 / 3.0))), double.Parse(answers[i][0]!, CultureInfo.InvariantCulture), 1e-12);
                else Assert.Null(answers[i][0]);
            }
        }
    }

    /// <summary>x before: nothing, 1, 2, 4; summed 7 for every record.</summary>
    [Fact]
    public void The_record_before_can_be_aggregated()
    {
        using var model = PmmlTest.Open(PmmlTest.Document("x *y", """
            <RegressionModel functionName="regression"><MiningSchema/><LocalTransformations>
            <DerivedField name="before" optype="continuous" dataType="double"><Lag field="x"/></DerivedField>
            <DerivedField name="sum" optype="continuous" dataType="double"><Aggregate field="before" function="sum"/></DerivedField>
            </LocalTransformations><RegressionTable intercept="0"><NumericPredictor name="sum" coefficient="1"/><NumericPredictor name="x" coefficient="1000"/></RegressionTable></RegressionModel>
            """));
        Assert.Equal(["1007", "2007", "4007", "8007"], model.Answer(("x", ["1", "2", "4", "8"])).Select(a => a[0]));
        Assert.Equal(["1007", "2007", "4007", "8007"], model.Answer(("x", ["1", "2", "4", "8"])).Select(a => a[0]));
    }

    [Fact]
    public void Predicates_and_models_inside_read_it()
    {
        using var model = PmmlTest.Open(PmmlTest.Document("g:string x *y=big,small", """
            <MiningModel functionName="classification"><MiningSchema/><LocalTransformations>
            <DerivedField name="size" optype="continuous" dataType="integer"><Aggregate field="x" function="count" groupField="g"/></DerivedField></LocalTransformations>
            <Segmentation multipleModelMethod="selectFirst">
            <Segment><SimplePredicate field="size" operator="greaterThan" value="1"/><TreeModel functionName="classification"><MiningSchema><MiningField name="size"/></MiningSchema><Node score="big"><True/></Node></TreeModel></Segment>
            <Segment><True/><TreeModel functionName="classification"><MiningSchema/><Node score="small"><True/></Node></TreeModel></Segment>
            </Segmentation></MiningModel>
            """.Replace("<TreeModel functionName=\"classification\"><MiningSchema/>", "<TreeModel functionName=\"classification\"><MiningSchema><MiningField name=\"x\"/></MiningSchema>", StringComparison.Ordinal)));
        Assert.Equal(["big", "small", "big", "small", "small", "big"], model.Answer(Rows).Select(a => a[0]));
    }

    [Fact]
    public void Its_records_may_not_be_split_or_joined_and_a_table_may_be_empty()
    {
        using var model = Open("<Aggregate field='x' function='sum' groupField='g'/>");
        Assert.Equal(RowRelation.Ordered, model.Signature.Rows);
        Assert.Empty(model.Answer(("g", []), ("x", [])));
    }

    [Fact]
    public void Groups_agree_with_those_of_a_query_whatever_their_order()
    {
        var random = new Random(7);
        for (var run = 0; run < 20; run++)
        {
            var rows = Enumerable.Range(0, random.Next(1, 200)).Select(_ => (G: random.Next(5) == 0 ? null : $"g{random.Next(1 + run)}", X: random.Next(6) == 0 ? (int?)null : random.Next(-50, 50))).ToArray();
            foreach (var (function, of) in new (string, Func<int[], string?>)[]
            {
                ("count", v => v.Length.ToString(CultureInfo.InvariantCulture)),
                ("sum", v => v.Length == 0 ? null : v.Sum().ToString(CultureInfo.InvariantCulture)),
                ("min", v => v.Length == 0 ? null : v.Min().ToString(CultureInfo.InvariantCulture)),
                ("max", v => v.Length == 0 ? null : v.Max().ToString(CultureInfo.InvariantCulture)),
            })
            {
                var groups = rows.GroupBy(r => r.G).Where(r => r.Key is not null).ToDictionary(r => r.Key!, r => of([.. r.Where(v => v.X is not null).Select(v => v.X!.Value)]));
                var found = Column($"<Aggregate field='x' function='{function}' groupField='g'/>", "integer", "g:string x:integer *y",
                    ("g", [.. rows.Select(r => r.G)]), ("x", [.. rows.Select(r => r.X?.ToString(CultureInfo.InvariantCulture))]));
                Assert.Equal(rows.Select(r => r.G is null ? null : groups[r.G]), found);
            }
        }
    }

    [Fact]
    public void A_record_that_cannot_be_aggregated_is_named()
    {
        using var model = Open("<Aggregate field='x' function='sum'/>");
        Assert.Contains("row 2", Assert.Throws<RecordException>(() => model.Answer(("g", ["a", "a", "a"]), ("x", ["1", "2", "three"]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_multiset_longer_than_a_text_may_be_is_refused_where_it_is_read()
    {
        var values = Enumerable.Range(0, 3).Select(_ => (string?)new string('v', 6000)).ToArray();
        using var model = Open("<Aggregate field='t' function='multiset'/>", "string", "t:string *y");
        Assert.Contains("longer than 16384 characters", Assert.Throws<RecordException>(() => model.Answer(("t", values))).Message, StringComparison.Ordinal);
        Assert.Equal(12004, model.Answer(("t", values[1..]))[0][^1]!.Length);
    }

    /// <summary>Each level doubles the sum of two records: x, 2x, 4x, …</summary>
    [Fact]
    public void Levels_of_aggregates_have_a_bound()
    {
        using var model = PmmlTest.Open(Nested(30));
        Assert.Equal([Math.Pow(2, 30).ToString("R", CultureInfo.InvariantCulture)], model.Answer(("x", ["1", "0"])).Select(a => a[0]).Distinct());
        Assert.Contains("more than 100 levels deep", Assert.Throws<ModelException>(() => PmmlTest.Open(Nested(101))).Message, StringComparison.Ordinal);

        static string Nested(int levels) => PmmlTest.Document("x *y", $"<RegressionModel functionName='regression'><MiningSchema/><RegressionTable intercept='0'><NumericPredictor name='d{levels}' coefficient='2'/></RegressionTable></RegressionModel>",
            string.Concat(Enumerable.Range(0, levels + 1).Select(i => i == 0 ? "<DerivedField name='d0' optype='continuous' dataType='double'><FieldRef field='x'/></DerivedField>"
                : $"<DerivedField name='d{i}' optype='continuous' dataType='double'><Aggregate field='d{i - 1}' function='sum'/></DerivedField>")));
    }

    [Theory]
    [InlineData("<Aggregate field='x' function='median'/>", "function=\"median\" is unknown; it may be count, sum, average, min, max, multiset")]
    [InlineData("<Aggregate field='x'/>", "'function' is absent")]
    [InlineData("<Aggregate function='sum'/>", "'field' is absent")]
    [InlineData("<Aggregate field='z' function='sum'/>", "'z' is not declared")]
    [InlineData("<Aggregate field='x' function='sum' groupField='z'/>", "'z' is not declared")]
    [InlineData("<Aggregate field='t' function='sum'/>", "only numbers have a sum")]
    [InlineData("<Aggregate field='t' function='max'/>", "only numbers, dates and times have a smallest")]
    [InlineData("<Aggregate field='derived' function='sum'/>", "'derived' is derived from itself")]
    [InlineData("<Aggregate field='x' function='sum' groupField='derived'/>", "'derived' is derived from itself")]
    [InlineData("<Aggregate field='x' function='sum' sqlWhere='x > 1'/>", "the attribute 'sqlWhere', a condition in the SQL of some database, is not supported")]
    public void What_is_wrong_is_named(string expression, string says) => Assert.Contains(says, Derived.Fault("x t:string *y", expression), StringComparison.Ordinal);

    [Fact]
    public void Values_that_are_not_there_before_scoring_are_refused()
    {
        const string head = "<RegressionModel functionName='regression'><MiningSchema/>";
        const string tail = "<RegressionTable intercept='0'><NumericPredictor name='x' coefficient='1'/></RegressionTable></RegressionModel>";
        Refuses($"{head}<Output><OutputField name='p' feature='predictedValue'/><OutputField name='o' feature='transformedValue'><Aggregate field='p' function='sum'/></OutputField></Output>{tail}", "an aggregate of 'p', a result");
        Refuses($"{head}<Output><OutputField name='p' feature='predictedValue'/><OutputField name='o' feature='transformedValue'><Lag field='p'/></OutputField></Output>{tail}", "the history of 'p', which is made of results");
        Refuses($"{head}<LocalTransformations><DerivedField name='x' optype='continuous' dataType='double'><Lag field='s'/></DerivedField><DerivedField name='s' optype='continuous' dataType='double'><Aggregate field='z' function='sum'/></DerivedField></LocalTransformations>{tail}", "the history of 's', which is made of aggregates");
        Refuses($"{head}<LocalTransformations><DerivedField name='x' optype='continuous' dataType='double'><Apply function='f'><FieldRef field='z'/></Apply></DerivedField></LocalTransformations>{tail}", "a function's parameter has no value in other records");

        static void Refuses(string model, string says) => Assert.Contains(says, Assert.Throws<ModelException>(() => PmmlTest.Open(PmmlTest.Document(
            "x z *y", model, "<DefineFunction name='f' optype='continuous'><ParameterField name='a'/><Aggregate field='a' function='sum'/></DefineFunction>"))).Message, StringComparison.Ordinal);
    }
}
