using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Pmml.Transformations;

/// <summary>Tables, bins and texts are looked up where they are: a row allocates nothing.</summary>
public sealed class TransformationAllocationTests
{
    private static readonly string[] Texts = ["a b c", "b, b; c!", "the a of b c and a", "nothing", "Q"];

    [Theory]
    [InlineData("<NormContinuous field='x'><LinearNorm orig='0' norm='1'/><LinearNorm orig='2' norm='4'/><LinearNorm orig='5' norm='5'/></NormContinuous>")]
    [InlineData("<NormDiscrete field='t' value='Q'/>")]
    [InlineData("<Discretize field='x' defaultValue='9'><DiscretizeBin binValue='1'><Interval closure='closedOpen' leftMargin='0' rightMargin='3'/></DiscretizeBin></Discretize>")]
    [InlineData("<MapValues outputColumn='o'><FieldColumnPair field='t' column='i'/><InlineTable><row><i>Q</i><o>5</o></row></InlineTable></MapValues>")]
    [InlineData("<MapValues outputColumn='o'><FieldColumnPair field='t' column='i'/><FieldColumnPair field='x' column='n'/><InlineTable><row><i>Q</i><n>4</n><o>5</o></row></InlineTable></MapValues>")]
    [InlineData("<TextIndex textField='t'><Constant>b c</Constant></TextIndex>")]
    [InlineData("<TextIndex textField='t' x-wordRE='(?u)\\b\\w\\w+\\b' localTermWeights='augmentedNormalizedTermFrequency'><Constant>the</Constant></TextIndex>")]
    [InlineData("<TextIndex textField='t' wordSeparatorCharacterRE='[\\s\\-]' maxLevenshteinDistance='1' countHits='bestHits'><Constant>nothin</Constant></TextIndex>")]
    [InlineData("<Lag field='x' n='70' aggregate='median'/>")]
    [InlineData("<Apply function='tf'><FieldRef field='t'/><Constant>a</Constant></Apply>")]
    public void A_row_allocates_nothing(string expression)
    {
        using var model = PmmlTest.Open(PmmlTest.Document(
            "x t:string *y", Derived.Model(expression),
            "<DefineFunction name='tf' optype='continuous' dataType='double'><ParameterField name='d'/><ParameterField name='t'/><TextIndex textField='d'><FieldRef field='t'/></TextIndex></DefineFunction>"));
        var scorer = model.CreateScorer();
        Assert.Equal(0, Allocations.Of(() => Score(scorer, 200)));
    }

    private static void Score(RowScorer scorer, int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            scorer.Set(0, i % 7);
            scorer.Set(1, Texts[i % Texts.Length]);
            scorer.Score();
            for (var output = 0; output < scorer.OutputCount; output++) _ = scorer.TryGetNumber(output, out _);
        }
    }
}
