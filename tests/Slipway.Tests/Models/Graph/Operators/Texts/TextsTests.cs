using Slipway.Core;
using Slipway.Models.Graph;
using static Slipway.Tests.Models.Operators.NodeRun;

namespace Slipway.Tests.Models.Operators.Texts;

public class TextsTests
{
    /// <summary>What RE2 answers, by its syntax page (https://github.com/google/re2/wiki/Syntax).</summary>
    [Theory]
    [InlineData(@"\d+", "12", true)]
    [InlineData(@"\d+", "١٢", false)]
    [InlineData(@"\w+", "é", false)]
    [InlineData(@"\W", "é", true)]
    [InlineData(@"\S", "\u00A0", true)]
    [InlineData(@".", "😀", true)]
    [InlineData(@"..", "😀", false)]
    [InlineData(@"[^a]", "😀", true)]
    [InlineData(@".", "\n", false)]
    [InlineData(@"(?s).", "\n", true)]
    [InlineData(@"(?s:.)-.", "\n-\n", false)]
    [InlineData(@"a$", "a\n", false)]
    [InlineData(@"(?m)a$\nb", "a\nb", true)]
    [InlineData(@"[[:alpha:]_]+", "ab_", true)]
    [InlineData(@"[[:^digit:]]", "5", false)]
    [InlineData(@"\Qa.b\E+", "a.bb", true)]
    [InlineData(@"\Qa.b", "axb", false)]
    [InlineData(@"\pL\p{Lu}\PN", "aBc", true)]
    [InlineData(@"(?P<name>a)(?i)B", "ab", true)]
    [InlineData(@"(?i:A)B", "ab", false)]
    [InlineData(@"[a\-z]", "-", true)]
    [InlineData(@"[]a]", "]", true)]
    [InlineData(@"[a-z-[aeiou]]", "b]", true)]
    [InlineData(@"\x{1F600}\x41\101", "😀AA", true)]
    [InlineData(@"a|ab", "ab", true)]
    [InlineData(@"(?U)a+", "aaa", true)]
    [InlineData(@"", "", true)]
    [InlineData(@"x*", "y", false)]
    public void RegexFullMatch_reads_patterns_as_RE2_does(string pattern, string text, bool expected) =>
        Assert.Equal(expected, One("RegexFullMatch", 20, [NodeRun.Texts([text])], ("pattern", pattern)).Values<byte>()[0] == 1);

    [Theory]
    [InlineData("(")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData(@"(a)\1")]
    [InlineData("(?=a)")]
    [InlineData("(?<=a)b")]
    [InlineData("(?>a)")]
    [InlineData(@"\")]
    [InlineData(@"\Z")]
    [InlineData(@"\x{110000}")]
    [InlineData("[[:nothing:]]")]
    public void RegexFullMatch_refuses_what_RE2_does_not_have(string pattern) =>
        Assert.ThrowsAny<SlipwayException>(() => One("RegexFullMatch", 20, [NodeRun.Texts(["a"])], ("pattern", pattern)));

    [Fact]
    public void RegexFullMatch_takes_no_longer_for_patterns_that_backtracking_never_ends() =>
        Assert.Equal(0, One("RegexFullMatch", 20, [NodeRun.Texts([new string('a', 2000) + "b"])], ("pattern", "(a*)*(a|aa)+(a*)*c")).Values<byte>()[0]);

    [Fact]
    public void StringConcat_broadcasts() => AssertEqual(
        NodeRun.Texts(["ax", "ay", "bx", "by", "cx", "cy"], 3, 2),
        One("StringConcat", 20, [NodeRun.Texts(["a", "b", "c"], 3, 1), NodeRun.Texts(["x", "y"])]));

    [Fact]
    public void StringSplit_cuts_as_python_does()
    {
        // Python: s.split(',') and s.split(None, 1).
        var byComma = Run("StringSplit", 20, [NodeRun.Texts(["a,,b", "", ","])], 2, ("delimiter", ","));
        AssertEqual(NodeRun.Texts(["a", "", "b", "", "", "", "", "", ""], 3, 3), byComma[0]);
        AssertEqual(Ints(3, 1, 2), byComma[1]);
        var bySpace = Run("StringSplit", 20, [NodeRun.Texts([" a  b c ", "", "\t"])], 2, ("maxsplit", 1));
        AssertEqual(NodeRun.Texts(["a", "b c ", "", "", "", ""], 3, 2), bySpace[0]);
        AssertEqual(Ints(2, 0, 0), bySpace[1]);
        Assert.Equal([2, 0], ((TensorValue)Run("StringSplit", 20, [NodeRun.Texts(["", " "])], 2)[0]).Shape.ToArray());
        AssertEqual(NodeRun.Texts(["a--b"], 1, 1), Run("StringSplit", 20, [NodeRun.Texts(["a--b"])], 2, ("delimiter", "--"), ("maxsplit", 0))[0]);
    }

    [Fact]
    public void StringNormalizer_drops_stop_words_and_changes_cases()
    {
        var texts = NodeRun.Texts(["Is", "it", "STRASSE", "ISTANBUL"], 1, 4);
        AssertEqual(NodeRun.Texts(["strasse", "istanbul"], 1, 2), One("StringNormalizer", 10, [texts], ("stopwords", new[] { "is", "IT" }), ("case_change_action", "LOWER")));
        AssertEqual(NodeRun.Texts(["Is", "STRASSE", "ISTANBUL"], 1, 3), One("StringNormalizer", 10, [texts], ("stopwords", new[] { "is", "it" }), ("is_case_sensitive", 1)));
        AssertEqual(NodeRun.Texts([""], 1, 1), One("StringNormalizer", 10, [NodeRun.Texts(["a"], 1, 1)], ("stopwords", new[] { "a" })));
        Assert.ThrowsAny<SlipwayException>(() => One("StringNormalizer", 10, [NodeRun.Texts(["a", "b"], 2, 1)]));
    }

    [Fact]
    public void TfIdfVectorizer_weighs_grams_of_texts()
    {
        (string, object)[] pool = [("min_gram_length", 1), ("max_gram_length", 2), ("max_skip_count", 1), ("ngram_counts", new long[] { 0, 2 }), ("ngram_indexes", new long[] { 2, 0, 1 }), ("pool_strings", new[] { "a", "b", "a", "c" }), ("weights", new[] { 2f, 3, 5 })];
        // a twice, b once, and a-c once adjacent, once with a gap.
        var texts = NodeRun.Texts(["a", "b", "c", "a", "c"]);
        AssertEqual(Floats([1, 2, 2]), One("TfIdfVectorizer", 9, [texts], [.. pool, ("mode", "TF")]));
        AssertEqual(Floats([3, 5, 2]), One("TfIdfVectorizer", 9, [texts], [.. pool, ("mode", "IDF")]));
        AssertEqual(Floats([3, 10, 4]), One("TfIdfVectorizer", 9, [texts], [.. pool, ("mode", "TFIDF")]));
        AssertEqual(Floats([0, 0, 0], 1, 3), One("TfIdfVectorizer", 9, [NodeRun.Texts([], 1, 0)], [.. pool, ("mode", "TF")]));
        Assert.ThrowsAny<SlipwayException>(() => One("TfIdfVectorizer", 9, [Ints(1)], [.. pool, ("mode", "TF")]));
        Assert.ThrowsAny<SlipwayException>(() => One("TfIdfVectorizer", 9, [texts], [.. pool.Where(a => a.Item1 != "ngram_counts"), ("ngram_counts", new long[] { 0, 1 }), ("mode", "TF")]));
    }
}
