using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Tests.Models.Pmml.Transformations;

public sealed class TextIndexTests
{
    /// <summary>The standard's table: words are brought to their stem, then phrases to what they mean.</summary>
    private const string Opinions = """
        <TextIndexNormalization inField="string" outField="stem" regexField="regex"><InlineTable>
        <row><string>interfaces?</string><stem>interface</stem><regex>true</regex></row>
        <row><string>is|are|seem(ed|s?)|were</string><stem>be</stem><regex>true</regex></row>
        <row><string>user friendl(y|iness)</string><stem>user_friendly</stem><regex>true</regex></row>
        </InlineTable></TextIndexNormalization>
        <TextIndexNormalization inField="re" outField="feature" regexField="regex"><InlineTable>
        <row><re>interface be (user_friendly|well designed|excellent)</re><feature>ui_good</feature><regex>true</regex></row>
        </InlineTable></TextIndexNormalization>
        """;

    private static double? Count(string text, string term, string attributes = "", string normalizations = "")
    {
        using var model = new Derived(
            "text:string *y", $"<TextIndex textField='text' {attributes}>{normalizations}<Constant dataType='string'>{term}</Constant></TextIndex>");
        using var variable = new Derived(
            "text:string term:string *y", $"<TextIndex textField='text' {attributes}>{normalizations}<FieldRef field='term'/></TextIndex>");
        var count = model[("text", text)];
        Assert.Equal(count, variable[("text", text), ("term", term)]);
        return (double?)count;
    }

    [Fact]
    public void The_standards_opinion_is_found() =>
        Assert.Equal(1, Count("Testing the app for a few days convinced me the interfaces are excellent!", "ui_good", normalizations: Opinions));

    [Theory]
    [InlineData("sun", 2)]
    [InlineData("sun sun", 0)]
    [InlineData("the sun", 2)]
    [InlineData("rises", 1)]
    [InlineData("moon", 0)]
    [InlineData("...", 0)]
    [InlineData("", 0)]
    public void A_term_is_counted_word_by_word_without_case_and_punctuation(string term, double expected) =>
        Assert.Equal(expected, Count("The sun rises; (the Sun!) -- sunny  ...", term));

    [Theory]
    [InlineData("isCaseSensitive='false'", 3)]
    [InlineData("isCaseSensitive='true'", 1)]
    public void Case_counts_when_it_is_asked_for(string attributes, double expected) => Assert.Equal(expected, Count("Sun sun SUN", "sun", attributes));

    [Theory]
    [InlineData("localTermWeights='termFrequency'", 3.0)]
    [InlineData("localTermWeights='binary'", 1.0)]
    [InlineData("localTermWeights='logarithmic'", 0.60205999132796239)] // log10(4)
    [InlineData("localTermWeights='augmentedNormalizedTermFrequency'", 0.875)] // ½ (1 + 3/4): 'b' occurs four times
    public void The_weight_is_made_of_the_frequency(string attributes, double expected)
    {
        Assert.Equal(expected, Count("a b b a b B a c", "a", attributes)!.Value, 1e-15);
        Assert.Equal(0, Count("a b b a", "z", attributes));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("maxLevenshteinDistance='1'", 3)]
    [InlineData("maxLevenshteinDistance='2'", 4)]
    [InlineData("maxLevenshteinDistance='1' countHits='allHits'", 3)]
    [InlineData("maxLevenshteinDistance='2' countHits='bestHits'", 1)]
    [InlineData("maxLevenshteinDistance='1' isCaseSensitive='true'", 2)]
    public void Words_that_differ_in_a_few_characters_count_within_the_distance(string attributes, double expected) =>
        Assert.Equal(expected, Count("house horse MOUSE hoarse", "house", attributes));

    [Fact]
    public void The_distance_is_the_sum_over_the_words_of_the_term()
    {
        Assert.Equal(0, Count("brwn fx", "brown fox", "maxLevenshteinDistance='1'"));
        Assert.Equal(1, Count("brwn fx", "brown fox", "maxLevenshteinDistance='2'"));
    }

    [Fact]
    public void Of_the_best_hits_all_are_counted() =>
        Assert.Equal(2, Count("hous houze hxxse", "house", "maxLevenshteinDistance='2' countHits='bestHits'"));

    [Theory]
    [InlineData(@"[\s\-]", "user-friendly and user friendly", "user friendly", 2)]
    [InlineData(@"\s+", "user-friendly and user friendly", "user friendly", 1)]
    [InlineData(",", "a b, c d,a b", "a b", 2)]
    public void Words_are_separated_as_the_attribute_says(string separator, string text, string term, double expected) =>
        Assert.Equal(expected, Count(text, term, $"wordSeparatorCharacterRE='{separator}'"));

    [Fact]
    public void Without_tokenising_a_term_is_counted_wherever_it_stands()
    {
        Assert.Equal(3, Count("東京都と京都と東京", "京", "tokenize='false'"));
        Assert.Equal(2, Count("東京都と京都と東京", "京都と", "tokenize='false'"));
        Assert.Equal(2, Count("aaaa", "aa", "tokenize='false'"));
    }

    [Theory]
    [InlineData(@"(?u)\b\w\w+\b", "I am a Über-größe, π naïve x", "größe", 1)]
    [InlineData(@"(?u)\b\w\w+\b", "Привет мир, привет", "привет", 2)]
    [InlineData(@"(?u)\b\w\w+\b", "x 東京 x", "東京", 1)]
    [InlineData(@"(?u)\b\w\w+\b", "i i i", "i", 0)]
    [InlineData(@"\w+", "i i_i i2 i", "i", 2)]
    [InlineData(@"[a-z]+", "ab1ab2 AB", "ab", 2)]
    [InlineData(@"(?P<word>[a-z]{2})", "abab", "ab", 2)]
    public void Words_are_what_the_word_pattern_matches(string pattern, string text, string term, double expected) =>
        Assert.Equal(expected, Count(text, term, $"x-wordRE='{pattern.Replace("<", "&lt;", StringComparison.Ordinal)}'"));

    [Fact]
    public void The_usual_word_patterns_find_what_the_regular_expression_finds()
    {
        var random = new Random(3);
        const string letters = "ab_9 ,-é京";
        for (var i = 0; i < 200; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 30).Select(_ => letters[random.Next(letters.Length)]));
            Assert.Equal(Count(text, "ab", @"x-wordRE='(?:[\w]+)'"), Count(text, "ab", @"x-wordRE='\w+'"));
            Assert.Equal(Count(text, "ab", @"x-wordRE='(?:[\w]{2,})'"), Count(text, "ab", @"x-wordRE='(?u)\b\w\w+\b'"));
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("recursive='true'", 1)]
    public void A_recursive_table_is_applied_until_nothing_changes(string attributes, double expected) =>
        Assert.Equal(expected, Count("aaaaaaaa", "a", "", $"<TextIndexNormalization {attributes}><InlineTable><row><string>aa</string><stem>a</stem></row></InlineTable></TextIndexNormalization>"));

    [Fact]
    public void A_recursive_table_without_end_is_a_fault_of_the_record()
    {
        var table = "<TextIndexNormalization recursive='true'><InlineTable><row><string>a</string><stem>aa</stem></row></InlineTable></TextIndexNormalization>";
        Assert.Contains("normalised", Assert.Throws<RecordException>(() => Count("a", "a", "", table)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<string>a.c</string><stem>x</stem>", "", "abc a.c", 1)]
    [InlineData("<string>a.c</string><stem>x</stem><regex>false</regex>", "", "abc a.c", 1)]
    [InlineData("<string>a.c</string><stem>x</stem><regex>true</regex>", "", "abc a.c", 2)]
    [InlineData("<string>(b)(x)</string><stem>$2</stem><regex>true</regex>", "", "bx x", 2)]
    [InlineData(@"<string>(b)(x)</string><stem>\2</stem><regex>true</regex>", "", "bx x", 2)]
    [InlineData("<string>B</string><stem>x</stem>", "", "b B x", 3)]
    [InlineData("<string>B</string><stem>x</stem>", "isCaseSensitive='true'", "b B x", 2)]
    [InlineData("<string>$</string><stem>x</stem>", "", "$ x", 2)]
    [InlineData("<string>hose pipe</string><stem>x</stem>", "maxLevenshteinDistance='2'", "house, pipes; x house", 2)]
    public void Rows_of_the_table_are_texts_or_regular_expressions(string row, string attributes, string text, double expected) =>
        Assert.Equal(expected, Count(text, "x", "", $"<TextIndexNormalization {attributes}><InlineTable><row>{row}</row></InlineTable></TextIndexNormalization>"));

    [Fact]
    public void A_missing_text_or_term_is_missing()
    {
        using var model = new Derived("text:string term:string *y", "<TextIndex textField='text'><FieldRef field='term'/></TextIndex>");
        Assert.Null(model[("term", "a")]);
        Assert.Null(model[("text", "a")]);
        using var constant = new Derived("text:string *y", "<TextIndex textField='text'><Constant dataType='string'>a</Constant></TextIndex>");
        Assert.Null(constant[("text", null)]);
        using var missing = new Derived("text:string *y", "<TextIndex textField='text'><Constant missing='true'/></TextIndex>");
        Assert.Null(missing[("text", "a")]);
    }

    [Fact]
    public void Terms_of_one_text_share_its_reading_and_keep_their_own_counts()
    {
        var (fields, sum) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < 300; i++)
        {
            fields.Append(CultureInfo.InvariantCulture, $"<DerivedField name='t{i}' dataType='double' optype='continuous'><Apply function='tf'><FieldRef field='text'/><Constant dataType='string'>w{i}{(i % 3 == 0 ? $" w{i + 1}" : "")}</Constant></Apply></DerivedField>");
            sum.Append(CultureInfo.InvariantCulture, $"<NumericPredictor name='t{i}' coefficient='{i + 1}'/>");
        }
        using var model = new PmmlTest(
            "text:string *y",
            $"<RegressionModel functionName='regression'><MiningSchema/><LocalTransformations>{fields}</LocalTransformations><RegressionTable intercept='0'>{sum}</RegressionTable></RegressionModel>",
            "<DefineFunction name='tf' optype='continuous'><ParameterField name='d'/><ParameterField name='t'/><TextIndex textField='d'><FieldRef field='t'/></TextIndex></DefineFunction>");
        var random = new Random(5);
        for (var row = 0; row < 20; row++)
        {
            var words = Enumerable.Range(0, 200).Select(_ => random.Next(320)).ToArray();
            double expected = 0;
            for (var i = 0; i < words.Length; i++)
            {
                if (words[i] >= 300) continue;
                if (words[i] % 3 != 0 || (i + 1 < words.Length && words[i + 1] == words[i] + 1)) expected += words[i] + 1;
            }
            Assert.Equal(expected, model.Score(("text", string.Join(' ', words.Select(w => $"w{w}"))))["y"]);
        }
    }

    [Fact]
    public void Functions_that_call_a_text_function_for_themselves_give_the_same()
    {
        using var model = new PmmlTest(
            "text:string other:string *y",
            Derived.Model("<Apply function='+'><Apply function='twice'><FieldRef field='text'/><Constant>7</Constant></Apply><Apply function='twice'><Apply function='lowercase'><FieldRef field='other'/></Apply><Constant>b</Constant></Apply></Apply>"),
            """
            <DefineFunction name='tf' optype='continuous'><ParameterField name='d'/><ParameterField name='t'/><TextIndex textField='d' isCaseSensitive='true'><FieldRef field='t'/></TextIndex></DefineFunction>
            <DefineFunction name='twice' optype='continuous'><ParameterField name='d'/><ParameterField name='t'/><Apply function='*'><Apply function='tf'><FieldRef field='d'/><FieldRef field='t'/></Apply><Constant dataType='integer'>2</Constant></Apply></DefineFunction>
            """);
        Assert.Equal(10.0, model.Score(("text", "7 6 7"), ("other", "b B b"))["out"]);
        Assert.Equal(2.0, model.Score(("text", "7"), ("other", "x"))["out"]);
    }

    [Theory]
    [InlineData("<TextIndex textField='text'/>", "no expression for the term")]
    [InlineData("<TextIndex><Constant>a</Constant></TextIndex>", "'textField' is absent")]
    [InlineData("<TextIndex textField='z'><Constant>a</Constant></TextIndex>", "'z' is not declared")]
    [InlineData("<TextIndex textField='text' maxLevenshteinDistance='-1'><Constant>a</Constant></TextIndex>", "is negative")]
    [InlineData("<TextIndex textField='text' wordSeparatorCharacterRE='('><Constant>a</Constant></TextIndex>", "the regular expression '(' is wrong")]
    [InlineData("<TextIndex textField='text' localTermWeights='tf'><Constant>a</Constant></TextIndex>", "localTermWeights=\"tf\" is unknown")]
    [InlineData("<TextIndex textField='text' tokenize='false' maxLevenshteinDistance='1'><Constant>a</Constant></TextIndex>", "is not supported")]
    [InlineData("<TextIndex textField='text'><TextIndexNormalization inField='z'><InlineTable><row><string>a</string><stem>b</stem></row></InlineTable></TextIndexNormalization><Constant>a</Constant></TextIndex>", "no column 'z'")]
    [InlineData("<TextIndex textField='text'><TextIndexNormalization><InlineTable><row><string>(</string><stem>b</stem><regex>true</regex></row></InlineTable></TextIndexNormalization><Constant>a</Constant></TextIndex>", "the regular expression '(' is wrong")]
    [InlineData("<TextIndex textField='text'><TextIndexNormalization><TableLocator/></TextIndexNormalization><Constant>a</Constant></TextIndex>", "a table outside the file")]
    public void What_is_wrong_is_named(string expression, string says) => Assert.Contains(says, Derived.Fault("text:string *y", expression), StringComparison.Ordinal);

    [Fact]
    public void A_pattern_without_end_stops()
    {
        var table = "<TextIndexNormalization><InlineTable><row><string>(a+)+$</string><stem>b</stem><regex>true</regex></row></InlineTable></TextIndexNormalization>";
        Assert.Contains("takes more than", Assert.Throws<RecordException>(() => Count(new string('a', 60) + "!", "a", "", table)).Message, StringComparison.Ordinal);
    }
}
