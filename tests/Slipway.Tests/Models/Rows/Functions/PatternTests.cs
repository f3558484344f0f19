using System.Text;
using System.Text.RegularExpressions;
using Slipway.Core;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;
using Xunit;
using static Slipway.Tests.Models.Rows.Functions.Applied;

namespace Slipway.Tests.Models.Rows.Functions;

public sealed class PatternTests
{
    [Theory]
    [InlineData("Male", "^Male$", true)]
    [InlineData("Female", "^Male$", false)]
    [InlineData("Female", "male", true)]
    [InlineData("February", "ar?y", true)]
    [InlineData("January", "uar", true)]
    [InlineData("June", "ar?y", false)]
    [InlineData("", "", true)]
    public void Matches_finds_the_pattern_anywhere(string text, string pattern, bool expected)
    {
        Assert.Equal(expected, Apply("matches", text, C(pattern)));
        Assert.Equal(expected, Apply("matches", text, pattern));
    }

    [Theory]
    [InlineData("BBBB", "B+", "c", "c")]
    [InlineData("Masters", "[aeiou]", "", "Mstrs")]
    [InlineData("a b  c", @"(\w+)", "1", "1 1  1")]
    [InlineData("a b  c", @"(\W+)", "", "abc")]
    [InlineData("john smith", @"(\w+) (\w+)", "$2, $1", "smith, john")]
    [InlineData("john smith", @"(?<first>\w+) (\w+)", "$2 ${first}", "smith john")]
    [InlineData("john smith", @"(?P<first>\w+) (?P<last>\w+)", "${last} ${first}", "smith john")]
    [InlineData("abc", "(b)", "$12", "ab2c")]
    [InlineData("abc", "b", @"\$1", "a$1c")]
    [InlineData("abc", "b", @"\\", @"a\c")]
    [InlineData("abc", "b", "$0$0", "abbc")]
    [InlineData("abc", "x|(y)|b", "[$1]", "a[]c")]
    [InlineData("baaac", "a*", "X", "XbXXcX")]
    [InlineData("abc", "x", "y", "abc")]
    [InlineData("", "^$", "y", "y")]
    [InlineData("price $5", "$5", "x", "price $5")]
    public void Replace_replaces_every_match(string text, string pattern, string replacement, string expected)
    {
        Assert.Equal(expected, Apply("replace", text, C(pattern), C(replacement)));
        Assert.Equal(expected, Apply("replace", text, pattern, replacement));
        Assert.Equal(expected, Apply("replace", text, C(pattern), replacement));
    }

    [Theory]
    [InlineData("aaa", "a++a", false)]
    [InlineData("aab", "a*+b", true)]
    [InlineData("ab", "(?:a|ab)++b", true)]
    [InlineData("abab", "(ab){2}+$", true)]
    [InlineData("ab", "a?+ab", false)]
    [InlineData("aab", "a+?b", true)]
    [InlineData("x.y", @"^\Qx.y\E$", true)]
    [InlineData("xzy", @"^\Qx.y\E$", false)]
    [InlineData("a+b", @"^\Qa+b", true)]
    [InlineData("xx", @"^\Qx\E+$", true)]
    [InlineData("!", @"^\p{Punct}$", true)]
    [InlineData("$", @"^\p{Punct}$", true)]
    [InlineData("a", @"^\p{Punct}$", false)]
    [InlineData("é", @"^\p{Alpha}$", false)]
    [InlineData("e", @"^\p{Alpha}$", true)]
    [InlineData("é", @"^\p{L}$", true)]
    [InlineData("é", @"^\pL$", true)]
    [InlineData("é", @"^\p{IsAlphabetic}$", true)]
    [InlineData("é", @"^\P{Alpha}$", true)]
    [InlineData("é", @"^[^\p{Lu}]$", true)]
    [InlineData("É", @"^[\p{Lu}]$", true)]
    [InlineData("Ab1", @"^\p{Upper}\p{Lower}\p{Digit}$", true)]
    [InlineData("f0", @"^\p{XDigit}+$", true)]
    [InlineData("\u00A0", @"^\h$", true)]
    [InlineData("\t", @"^[\h]$", true)]
    [InlineData("\n", @"^\h$", false)]
    [InlineData("\u2028", @"^\v$", true)]
    [InlineData("x", @"^\H\z", true)]
    [InlineData("\r\n", @"^\R\z", true)]
    [InlineData("\n", @"^\N", false)]
    [InlineData("é", @"^\w$", false)]
    [InlineData("é", @"^\W$", true)]
    [InlineData("é", @"^[\W]$", true)]
    [InlineData("٣", @"^\d$", false)]
    [InlineData("\u00A0", @"^\s$", false)]
    [InlineData("\v", @"^\s$", true)]
    [InlineData("x", @"^[[:alpha:]]$", true)]
    [InlineData("1", @"^[[:^alpha:]]$", true)]
    [InlineData("_", @"^[[:word:]-]+$", true)]
    [InlineData("b", "^[a-z&&[^aeiou]]$", true)]
    [InlineData("e", "^[a-z&&[^aeiou]]$", false)]
    [InlineData("y", "^[a-c[x-z]]$", true)]
    [InlineData("d", "^[a-c[x-z]]$", false)]
    [InlineData("]", "^[]a]$", true)]
    [InlineData("-", "^[a-]$", true)]
    [InlineData("^", @"^[\^]$", true)]
    [InlineData("\\", @"^[\\]$", true)]
    [InlineData("5", @"^[\d-]$", true)]
    [InlineData("A", @"^\x41$", true)]
    [InlineData("A", @"^\x{0041}$", true)]
    [InlineData("A", @"^\u0041$", true)]
    [InlineData("A", @"^\0101$", true)]
    [InlineData("\u001b", @"^\e$", true)]
    [InlineData("\u0001", @"^\cA$", true)]
    [InlineData("😀😀", @"^\x{1F600}{2}$", true)]
    [InlineData("😀😀", "^😀+$", true)]
    [InlineData("abab", @"^(ab)\1$", true)]
    [InlineData("abab", @"^(?<x>ab)\k<x>$", true)]
    [InlineData("abab", @"^(?P<x>ab)(?P=x)$", true)]
    [InlineData("aba2", @"^(a)(b)\12$", true)]
    [InlineData("foobar", "foo(?=bar)", true)]
    [InlineData("foobar", "(?<!foo)bar", false)]
    [InlineData("foobar", "(?<=foo)bar", true)]
    [InlineData("FOO", "(?i)foo", true)]
    [InlineData("FOO", "(?iu:f)oo", false)]
    [InlineData("a\nb", "a.b", false)]
    [InlineData("a\nb", "(?s)a.b", true)]
    [InlineData("a\nb", "(?m)^b", true)]
    [InlineData("ab", "a(?#a comment)b", true)]
    [InlineData("a{x", "a{x", true)]
    [InlineData("a{}", "a{}", true)]
    [InlineData("aaa", "^a{2,}$", true)]
    [InlineData("a b", "a b", true)]
    [InlineData("a#b", "a#b", true)]
    [InlineData("caat", @"\bcaa?t\b", true)]
    public void Patterns_mean_what_they_mean_in_PCRE_and_Java(string text, string pattern, bool expected) =>
        Assert.Equal(expected, Apply("matches", text, C(pattern)));

    [Theory]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("*a")]
    [InlineData("a**")]
    [InlineData("^*")]
    [InlineData(@"a\")]
    [InlineData("[z-a]")]
    [InlineData("a{3,2}")]
    [InlineData(@"\1(a)")]
    [InlineData(@"\k<no>")]
    [InlineData(@"(?<x>a)(?<x>b)")]
    [InlineData(@"\p{IsKlingon}")]
    [InlineData(@"\p{Latin}")]
    [InlineData(@"\x{110000}")]
    [InlineData(@"\u12")]
    [InlineData(@"\y")]
    [InlineData(@"a\Kb")]
    [InlineData("(?x)a b")]
    [InlineData("(?R)")]
    [InlineData("(?|a|b)")]
    [InlineData("(*SKIP)a")]
    [InlineData("[[:nothing:]]")]
    [InlineData("[😀]")]
    public void Patterns_that_are_wrong_or_not_supported_are_faults(string pattern)
    {
        Assert.Throws<ModelException>(() => Apply("matches", "a", C(pattern)));
        Assert.Equal(Invalid, Apply("matches", "a", pattern));
    }

    [Fact]
    public void Faults_name_the_function_and_the_pattern() =>
        Assert.Equal("function 'matches': pattern '(a': a '(' without its ')'", Assert.Throws<ModelException>(() => Apply("matches", "a", C("(a"))).Message);

    [Fact]
    public void Brackets_inside_of_brackets_end() =>
        Assert.Throws<ModelException>(() => Apply("matches", "a", C(new string('[', 1_000))));

    [Fact]
    public void Patterns_have_a_longest_length() => Assert.Throws<ModelException>(() => Apply("matches", "a", C(new string('a', 5_000))));

    [Theory]
    [InlineData("$")]
    [InlineData("$x")]
    [InlineData("$2")]
    [InlineData("${no}")]
    [InlineData("${1")]
    [InlineData(@"\")]
    public void Replacements_that_are_wrong_are_faults(string replacement)
    {
        Assert.Throws<ModelException>(() => Apply("replace", "a", C("(a)"), C(replacement)));
        Assert.Equal(Invalid, Apply("replace", "a", C("(a)"), replacement));
        Assert.Equal(Invalid, Apply("replace", "a", "(a)", replacement));
    }

    [Fact]
    public void Patterns_that_would_never_end_take_linear_time() =>
        Assert.Equal(false, Apply("matches", new string('a', 20_000) + "b", C("^(a|aa)+$")));

    [Fact]
    public void Patterns_that_need_backtracking_are_stopped() =>
        Assert.Equal(Invalid, Apply("matches", new string('a', 60) + "b", C(@"^(?=(a|aa)+$)\w")));

    [Fact]
    public void Counted_repetitions_in_each_other_are_bounded() =>
        Assert.Equal(false, Apply("matches", "aaa", C("((a{900}){900}){900}")));

    [Theory]
    [InlineData("matches", 2)]
    [InlineData("replace", 3)]
    public void Result_is_missing_when_an_argument_is(string name, int count)
    {
        for (var missing = 0; missing < count; missing++)
        {
            var arguments = Enumerable.Repeat<object?>("a", count).ToArray();
            Assert.NotNull(Apply(name, arguments));
            arguments[missing] = new Missing(CellType.Text);
            Assert.Null(Apply(name, arguments));
        }
    }

    [Fact]
    public void Replace_of_plain_texts_is_the_plain_replacement()
    {
        var random = new Random(31);
        for (var round = 0; round < 500; round++)
        {
            var text = Text(random, 30, "ab.$\\[é ");
            var what = Text(random, 2, "ab.$\\[é ");
            if (what.Length == 0) continue;
            var by = Text(random, 3, "xy");
            Assert.Equal(text.Replace(what, by, StringComparison.Ordinal), Apply("replace", text, C(@"\Q" + what + @"\E"), C(by)));
            Assert.Equal(text.Contains(what, StringComparison.Ordinal), Apply("matches", text, C(@"\Q" + what + @"\E")));
        }
    }

    [Fact]
    public void Plain_patterns_match_as_dotnets_own_engine_does()
    {
        var random = new Random(37);
        var replaced = 0;
        for (var round = 0; round < 2_000; round++)
        {
            var pattern = Expression(random, 3);
            var text = Text(random, 12, "abc");
            Assert.Equal(Regex.IsMatch(text, pattern), Apply("matches", text, C(pattern)));
            var result = Apply("replace", text, C(pattern), C("<$0>"));
            if (result == Invalid) continue;
            replaced++;
            Assert.Equal(Regex.Replace(text, pattern, "<$0>"), result);
        }
        Assert.InRange(replaced, 1_900, 2_000);
    }

    [Fact]
    public void Matches_that_end_before_they_start_have_no_result() =>
        Assert.Equal(Invalid, Apply("replace", "cb", C("((?:(a)*)+?)*"), C("<$0>")));

    private static string Text(Random random, int most, string alphabet)
    {
        var text = new StringBuilder();
        for (var i = random.Next(most + 1); i > 0; i--) text.Append(alphabet[random.Next(alphabet.Length)]);
        return text.ToString();
    }

    private static string Expression(Random random, int depth) => random.Next(depth == 0 ? 3 : 8) switch
    {
        0 => "a",
        1 => "[bc]",
        2 => ".",
        3 => Expression(random, depth - 1) + Expression(random, depth - 1),
        4 => $"({Expression(random, depth - 1)}|{Expression(random, depth - 1)})",
        5 => $"({Expression(random, depth - 1)})*",
        6 => $"(?:{Expression(random, depth - 1)})+?",
        _ => $"(?:{Expression(random, depth - 1)}){{1,2}}",
    };
}
