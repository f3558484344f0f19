using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

/// <summary>PMML 4.4.1, TreeModel: PREDICATE.</summary>
public sealed class PredicateElementTests
{
    private const string Fields = """
        <DataField name='x' optype='continuous' dataType='double'/><DataField name='n' optype='categorical' dataType='integer'/><DataField name='flag' optype='categorical' dataType='boolean'/>
        <DataField name='t' optype='categorical' dataType='string'/><DataField name='d' optype='continuous' dataType='date'/>
        <DataField name='size' optype='ordinal' dataType='string'><Value value='S'/><Value value='M'/><Value value='L'/></DataField>
        <DataField name='grade' optype='ordinal' dataType='integer'><Value value='3'/><Value value='2'/><Value value='1'/></DataField>
        <DataField name='y' optype='continuous' dataType='double'/>
        """;

    [Theory]
    [InlineData("x", "equal", "2", 2.0, 'T')]
    [InlineData("x", "equal", "2", 2.5, 'F')]
    [InlineData("x", "equal", "2", null, 'U')]
    [InlineData("x", "notEqual", "2", 2.5, 'T')]
    [InlineData("x", "notEqual", "2", null, 'U')]
    [InlineData("x", "lessThan", "2", 2.0, 'F')]
    [InlineData("x", "lessThan", "2", 1.9, 'T')]
    [InlineData("x", "lessThan", "2", null, 'U')]
    [InlineData("x", "lessOrEqual", "2", 2.0, 'T')]
    [InlineData("x", "lessOrEqual", "2", 2.1, 'F')]
    [InlineData("x", "greaterThan", "2", 2.0, 'F')]
    [InlineData("x", "greaterThan", "2", 2.1, 'T')]
    [InlineData("x", "greaterOrEqual", "2", 2.0, 'T')]
    [InlineData("x", "greaterOrEqual", "2", 1.9, 'F')]
    [InlineData("x", "isMissing", "", null, 'T')]
    [InlineData("x", "isMissing", "", 1.0, 'F')]
    [InlineData("x", "isNotMissing", "", null, 'F')]
    [InlineData("x", "isNotMissing", "", 1.0, 'T')]
    [InlineData("n", "equal", "1.0", "1", 'T')]
    [InlineData("n", "equal", "1", "1.0", 'T')]
    [InlineData("n", "lessThan", "1.5", "1", 'T')]
    [InlineData("n", "equal", "1.5", "1", 'F')]
    [InlineData("flag", "equal", "true", "1", 'T')]
    [InlineData("flag", "equal", "0", "FALSE", 'T')]
    [InlineData("flag", "lessOrEqual", "0.5", "true", 'F')]
    [InlineData("flag", "lessOrEqual", "0.5", "false", 'T')]
    [InlineData("t", "equal", "Ω", "Ω", 'T')]
    [InlineData("t", "equal", "a", "A", 'F')]
    [InlineData("t", "equal", "", "", 'T')]
    [InlineData("t", "notEqual", "a", "unheard of", 'T')]
    [InlineData("t", "lessThan", "b", "a", 'T')]
    [InlineData("t", "greaterThan", "b", "unheard of", 'T')]
    [InlineData("d", "lessThan", "2020-03-01", "2020-02-29", 'T')]
    [InlineData("size", "lessThan", "M", "S", 'T')]
    [InlineData("size", "lessThan", "M", "L", 'F')]
    [InlineData("size", "lessOrEqual", "M", "M", 'T')]
    [InlineData("size", "greaterThan", "S", "L", 'T')]
    [InlineData("size", "greaterOrEqual", "L", "M", 'F')]
    [InlineData("size", "equal", "L", "L", 'T')]
    [InlineData("size", "notEqual", "L", "M", 'T')]
    [InlineData("size", "greaterOrEqual", "L", null, 'U')]
    [InlineData("grade", "lessThan", "1", "3", 'T')]
    [InlineData("grade", "greaterThan", "2", "3", 'F')]
    [InlineData("grade", "lessThan", "2", "7", 'F')]
    [InlineData("grade", "greaterThan", "2", "7", 'T')]
    public void Simple_predicate_compares(string field, string comparison, string value, object? given, char expected)
    {
        var attribute = comparison.EndsWith("issing", StringComparison.Ordinal) ? "" : $"value='{value}'";
        Assert.Equal(expected, Truth($"<SimplePredicate field='{field}' operator='{comparison}' {attribute}/>", (field, given)));
    }

    [Theory]
    [InlineData("t", "string", "a \"b c\" Ω", "b c", 'T', 'F')]
    [InlineData("t", "string", "a \"b c\" Ω", "b", 'F', 'T')]
    [InlineData("t", "string", "a \"b c\" Ω", "Ω", 'T', 'F')]
    [InlineData("t", "string", "a \"b c\" Ω", null, 'U', 'U')]
    [InlineData("n", "int", "1 2 1000000000", "1000000000", 'T', 'F')]
    [InlineData("n", "int", "1 2 -3", "-3", 'T', 'F')]
    [InlineData("n", "string", "1 2", "2.0", 'T', 'F')]
    [InlineData("x", "real", "0.5 1e3", 1000.0, 'T', 'F')]
    [InlineData("x", "real", "0.5 1e3", 0.25, 'F', 'T')]
    [InlineData("flag", "string", "true", "1", 'T', 'F')]
    public void Set_predicate_looks_for_the_value_in_its_array(string field, string type, string array, object? given, char isIn, char isNotIn)
    {
        Assert.Equal(isIn, Truth(Set("isIn"), (field, given)));
        Assert.Equal(isNotIn, Truth(Set("isNotIn"), (field, given)));

        string Set(string name) => $"<SimpleSetPredicate field='{field}' booleanOperator='{name}'><Array type='{type}'>{array}</Array></SimpleSetPredicate>";
    }

    [Fact]
    public void Surrogate_takes_the_first_predicate_that_is_known()
    {
        const string surrogate = "<CompoundPredicate booleanOperator='surrogate'><SimplePredicate field='x' operator='lessThan' value='1'/><SimplePredicate field='n' operator='equal' value='1'/><False/></CompoundPredicate>";
        Assert.Equal('T', Truth(surrogate, ("x", 0.0), ("n", 2.0)));
        Assert.Equal('T', Truth(surrogate, ("x", null), ("n", 1.0)));
        Assert.Equal('F', Truth(surrogate, ("x", null), ("n", null)));
    }

    [Theory]
    [InlineData("<SimplePredicate field='q' operator='equal' value='1'/>", "SimplePredicate: the field 'q' is not declared where it is used")]
    [InlineData("<SimplePredicate field='x' operator='like' value='1'/>", "SimplePredicate: operator=\"like\" is unknown; it may be equal")]
    [InlineData("<SimplePredicate field='x' operator='equal'/>", "SimplePredicate: operator=\"equal\" needs a value")]
    [InlineData("<SimplePredicate field='x' operator='equal' value='one'/>", "SimplePredicate: 'one' cannot be compared with the field 'x' of type double")]
    [InlineData("<SimpleSetPredicate field='x' booleanOperator='isIn'><Array type='string'>one</Array></SimpleSetPredicate>", "SimpleSetPredicate: 'one' cannot be compared")]
    [InlineData("<CompoundPredicate booleanOperator='and'/>", "CompoundPredicate: it has no predicates")]
    [InlineData("<CompoundPredicate booleanOperator='nor'><True/></CompoundPredicate>", "CompoundPredicate: booleanOperator=\"nor\" is unknown; it may be and, or, xor, surrogate")]
    public void Wrong_predicate_is_named_with_its_place(string predicate, string problem)
    {
        var message = Assert.Throws<ModelException>(() => Truth(predicate)).Message;
        Assert.Matches("^line [0-9]+, column [0-9]+: ", message);
        Assert.Contains(problem, message, StringComparison.Ordinal);
    }

    /// <summary>1 when it is true, 0 when its opposite is, else -1.</summary>
    private static char Truth(string predicate, params (string, object?)[] row)
    {
        using var model = new PmmlTest(Fields, $"""
            <MiningModel functionName='regression'><MiningSchema><MiningField name='x'/><MiningField name='n'/><MiningField name='flag'/><MiningField name='t'/><MiningField name='d'/><MiningField name='size'/>
            <MiningField name='grade' invalidValueTreatment='asIs'/><MiningField name='y' usageType='target'/></MiningSchema>
            <Segmentation multipleModelMethod='selectFirst'>{Answer(1, predicate)}{Answer(0, $"<CompoundPredicate booleanOperator='xor'>{predicate}<True/></CompoundPredicate>")}{Answer(-1, "<True/>")}</Segmentation></MiningModel>
            """);
        return model.Score(row)["y"] switch { 1.0 => 'T', 0.0 => 'F', _ => 'U' };

        static string Answer(int value, string condition) =>
            $"<Segment>{condition}<RegressionModel functionName='regression'><MiningSchema><MiningField name='x'/></MiningSchema><RegressionTable intercept='{value}'/></RegressionModel></Segment>";
    }
}
