using System.Text;
using Slipway.Core;

namespace Slipway.Tests.Models.Pmml;

public sealed class TreePredicateTests
{
    private const string Fields = "x n:integer c=a,b,d f:float flag:boolean=true,false *y=T,F,U";

    public static TheoryData<string, string, object?, string> Simple => new()
    {
        { "<SimplePredicate field='x' operator='lessThan' value='1.5'/>", "x", 1.5, "F" },
        { "<SimplePredicate field='x' operator='lessThan' value='1.5'/>", "x", 1.4999, "T" },
        { "<SimplePredicate field='x' operator='lessOrEqual' value='1.5'/>", "x", 1.5, "T" },
        { "<SimplePredicate field='x' operator='lessOrEqual' value='1.5'/>", "x", 1.5000000000000002, "F" },
        { "<SimplePredicate field='x' operator='greaterThan' value='1.5'/>", "x", 1.5, "F" },
        { "<SimplePredicate field='x' operator='greaterThan' value='1.5'/>", "x", 1.5000000000000002, "T" },
        { "<SimplePredicate field='x' operator='greaterOrEqual' value='1.5'/>", "x", 1.5, "T" },
        { "<SimplePredicate field='x' operator='greaterOrEqual' value='1.5'/>", "x", null, "U" },
        { "<SimplePredicate field='x' operator='lessOrEqual' value='INF'/>", "x", 1e300, "T" },
        { "<SimplePredicate field='x' operator='lessOrEqual' value='INF'/>", "x", null, "U" },
        { "<SimplePredicate field='x' operator='greaterThan' value='INF'/>", "x", double.PositiveInfinity, "F" },
        { "<SimplePredicate field='x' operator='lessThan' value='INF'/>", "x", double.PositiveInfinity, "F" },
        { "<SimplePredicate field='x' operator='greaterThan' value='-INF'/>", "x", double.NegativeInfinity, "F" },
        { "<SimplePredicate field='x' operator='equal' value='-0.0'/>", "x", 0.0, "T" },
        { "<SimplePredicate field='x' operator='notEqual' value='2'/>", "x", 2.0, "F" },
        { "<SimplePredicate field='x' operator='notEqual' value='2'/>", "x", 3.0, "T" },
        { "<SimplePredicate field='x' operator='notEqual' value='2'/>", "x", null, "U" },
        { "<SimplePredicate field='x' operator='isMissing'/>", "x", null, "T" },
        { "<SimplePredicate field='x' operator='isMissing'/>", "x", 0.0, "F" },
        { "<SimplePredicate field='x' operator='isNotMissing'/>", "x", null, "F" },
        { "<SimplePredicate field='x' operator='isNotMissing'/>", "x", 0.0, "T" },
        { "<SimplePredicate field='n' operator='lessThan' value='2.5'/>", "n", 2, "T" },
        { "<SimplePredicate field='n' operator='equal' value='2.0'/>", "n", 2, "T" },
        { "<SimplePredicate field='f' operator='lessThan' value='0.1'/>", "f", 0.1, "F" },
        { "<SimplePredicate field='flag' operator='greaterThan' value='0.5'/>", "flag", "true", "T" },
        { "<SimplePredicate field='flag' operator='greaterThan' value='0.5'/>", "flag", "false", "F" },
        { "<SimplePredicate field='flag' operator='equal' value='true'/>", "flag", "true", "T" },
        { "<SimplePredicate field='c' operator='equal' value='b'/>", "c", "b", "T" },
        { "<SimplePredicate field='c' operator='notEqual' value='b'/>", "c", "a", "T" },
        { "<SimplePredicate field='c' operator='equal' value='b'/>", "c", null, "U" },
        { "<SimpleSetPredicate field='c' booleanOperator='isIn'><Array type='string' n='2'>a \"d\"</Array></SimpleSetPredicate>", "c", "d", "T" },
        { "<SimpleSetPredicate field='c' booleanOperator='isIn'><Array type='string' n='2'>a d</Array></SimpleSetPredicate>", "c", "b", "F" },
        { "<SimpleSetPredicate field='c' booleanOperator='isNotIn'><Array type='string' n='2'>a d</Array></SimpleSetPredicate>", "c", "b", "T" },
        { "<SimpleSetPredicate field='c' booleanOperator='isNotIn'><Array type='string' n='2'>a d</Array></SimpleSetPredicate>", "c", null, "U" },
        { "<SimpleSetPredicate field='n' booleanOperator='isIn'><Array type='int' n='3'>-5 2 3000000</Array></SimpleSetPredicate>", "n", -5, "T" },
        { "<True/>", "x", null, "T" },
        { "<False/>", "x", null, "F" },
    };

    [Theory]
    [MemberData(nameof(Simple))]
    public void A_simple_predicate_holds_fails_or_is_unknown(string predicate, string field, object? value, string expected)
    {
        using var model = Tree(predicate);
        Assert.Equal(expected, model.Score((field, value))["y"]);
    }

    private const string Truths = "TFU";

    public static TheoryData<string, string> Compounds()
    {
        var data = new TheoryData<string, string>();
        foreach (var op in new[] { "and", "or", "xor", "surrogate" })
        {
            foreach (var a in Truths)
            {
                foreach (var b in Truths)
                {
                    foreach (var c in Truths) data.Add(op, $"{a}{b}{c}");
                }
            }
        }
        return data;
    }

    /// <summary>All truth tables of three parts (PMML 4.4.1, TreeModel: CompoundPredicate).</summary>
    [Theory]
    [MemberData(nameof(Compounds))]
    public void A_compound_follows_three_valued_logic(string op, string parts)
    {
        using var model = Tree($"<CompoundPredicate booleanOperator='{op}'>{Above("x")}{Above("n")}{Above("f")}</CompoundPredicate>");
        Assert.Equal(Expected(op, parts), model.Score(("x", Value(parts[0])), ("n", Value(parts[1])), ("f", Value(parts[2])))["y"]);
    }

    [Theory]
    [MemberData(nameof(Compounds))]
    public void A_compound_in_compounds_follows_three_valued_logic(string op, string parts)
    {
        foreach (var outer in new[] { "and", "or", "surrogate" })
        {
            using var model = Tree(
                $"<CompoundPredicate booleanOperator='{outer}'><CompoundPredicate booleanOperator='{op}'>{Above("x")}{Above("n")}</CompoundPredicate>{Above("f")}</CompoundPredicate>");
            var expected = Expected(outer, Expected(op, parts[..2]) + parts[2]);
            Assert.Equal(expected, model.Score(("x", Value(parts[0])), ("n", Value(parts[1])), ("f", Value(parts[2])))["y"]);
        }
    }

    [Fact]
    public void Deep_compounds_are_bound_and_asked()
    {
        var predicate = new StringBuilder(Above("x"));
        for (var i = 0; i < 60; i++)
        {
            predicate.Insert(0, $"<CompoundPredicate booleanOperator='{(i % 2 == 0 ? "and" : "or")}'>").Append(i % 2 == 0 ? "<True/>" : "<False/>").Append("</CompoundPredicate>");
        }
        using var model = Tree(predicate.ToString());
        Assert.Equal("T", model.Score(("x", 1.0))["y"]);
        Assert.Equal("F", model.Score(("x", 0.0))["y"]);
        Assert.Equal("U", model.Score()["y"]);
    }

    [Fact]
    public void A_tree_nearly_as_deep_as_documents_may_be_is_read_and_walked()
    {
        const int depth = 950;
        var nodes = new StringBuilder("<Node score='0'><True/>");
        for (var i = 1; i <= depth; i++) nodes.Append(System.Globalization.CultureInfo.InvariantCulture, $"<Node score='{i}'><SimplePredicate field='x' operator='greaterThan' value='{i}'/>");
        for (var i = 0; i <= depth; i++) nodes.Append("</Node>");
        using var model = new PmmlTest("x *y", $"<TreeModel functionName='regression' noTrueChildStrategy='returnLastPrediction'><MiningSchema/>{nodes}</TreeModel>");
        Assert.Equal(0.0, model.Score(("x", 0.5))["y"]);
        Assert.Equal(417.0, model.Score(("x", 417.5))["y"]);
        Assert.Equal((double)depth, model.Score(("x", 1e9))["y"]);
    }

    [Theory]
    [InlineData("<SimplePredicate field='z' operator='lessThan' value='1'/>", "'z'")]
    [InlineData("<SimplePredicate field='x' operator='below' value='1'/>", "below")]
    [InlineData("<SimplePredicate field='x' operator='lessThan'/>", "needs a value")]
    [InlineData("<SimplePredicate field='x' operator='lessThan' value='many'/>", "'many'")]
    [InlineData("", "it has no predicate")]
    [InlineData("<True/><Surprise/>", "Surprise: this element in a Node is not supported")]
    public void A_predicate_that_cannot_be_is_a_model_error_with_its_line(string predicate, string named)
    {
        var error = Assert.Throws<ModelException>(() => Tree(predicate));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Matches("line \\d+, column \\d+: ", error.Message);
    }

    [Fact]
    public void A_score_that_is_not_a_number_is_a_model_error_of_a_regression()
    {
        var error = Assert.Throws<ModelException>(() => new PmmlTest("x *y", "<TreeModel functionName='regression'><MiningSchema/><Node score='tall'><True/></Node></TreeModel>"));
        Assert.Contains("score=\"tall\" is not a number", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Unknown stops at the root, whose score is U.</summary>
    private static PmmlTest Tree(string predicate) => new(
        Fields, $"<TreeModel functionName='classification' missingValueStrategy='lastPrediction'><MiningSchema/><Node score='U'><True/><Node score='T'>{predicate}</Node><Node score='F'><True/></Node></Node></TreeModel>");

    private static string Above(string field) => $"<SimplePredicate field='{field}' operator='greaterThan' value='0.5'/>";

    private static object? Value(char truth) => truth switch { 'T' => 1, 'F' => 0, _ => null };

    private static string Expected(string op, string parts) => op switch
    {
        "and" => parts.Contains('F') ? "F" : parts.Contains('U') ? "U" : "T",
        "or" => parts.Contains('T') ? "T" : parts.Contains('U') ? "U" : "F",
        "xor" => parts.Contains('U') ? "U" : parts.Count(c => c == 'T') % 2 == 1 ? "T" : "F",
        _ => parts.FirstOrDefault(c => c != 'U', 'U').ToString(),
    };
}
