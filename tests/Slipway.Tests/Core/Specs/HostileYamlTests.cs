using System.Text;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

public sealed class HostileYamlTests
{
    [Theory]
    [InlineData("path: &a x", "1:7: path: the anchor &a is refused: every value is written where it is used")]
    [InlineData("path: x\nmissing: *m", "2:10: missing: the alias *m is refused: every value is written where it is used")]
    [InlineData("*a : x\npath: x", "1:1: the alias *a is refused: every value is written where it is used\n1:1: a key is text; a list, a mapping or an alias cannot be one")]
    [InlineData("path: !!str x", "1:7: path: a tag ('!…') is refused: the field decides its type")]
    [InlineData("path: !<tag:yaml.org,2002:str> x", "1:7: path: a tag ('!…') is refused: the field decides its type")]
    [InlineData("path: ! x", "1:7: path: a tag ('!…') is refused: the field decides its type")]
    [InlineData("? [a]\n: b\npath: x", "1:3: a key is text; a list, a mapping or an alias cannot be one")]
    [InlineData("{ a: b }: c\npath: x", "1:1: a key is text; a list, a mapping or an alias cannot be one")]
    [InlineData(": b\npath: x", "1:1: a key is missing before ':'")]
    [InlineData("path: x\n---\npath: y", "2:1: a second document starts here; a file holds one")]
    [InlineData("path: x\n...\npath: y", "3:1: a second document starts here; a file holds one")]
    [InlineData("<<: { path: x }", "1:1: <<: unknown; allowed: path, follow, missing\n1:1: path: missing; expected text")]
    [InlineData("path: x\n: a\nmissing: y", "2:1: a key is missing before ':'")]
    [InlineData("{ path: x, : a, : b }", "1:12: a key is missing before ':'")]
    [InlineData("\tpath: x", "1:2: indented with a tab; indent with spaces")]
    [InlineData("path: x\nmissing:\n \t- a", "3:3: missing: indented with a tab; indent with spaces")]
    [InlineData("path: x\n\tfollow: true", "2:1: cannot be read as YAML: While scanning a plain scalar, found a tab character that violate indentation")]
    [InlineData("path: [x", "1:7: cannot be read as YAML: what opens here is never closed")]
    [InlineData("{ path: [x]\n", "1:1: cannot be read as YAML: what opens here is never closed")]
    [InlineData("path: \"a\0b\"", "1:9: the character U+0000 cannot stand in a YAML file; in double quotes write \\u0000")]
    [InlineData("path: a\nmissing: [\u0007]", "2:11: the character U+0007 cannot stand in a YAML file; in double quotes write \\u0007")]
    public void What_specs_do_not_need_of_YAML_is_refused(string yaml, string problem) => Assert.Equal(problem, Sample.Problems<CsvSpec>(yaml));

    [Theory]
    [InlineData("path: \"x", 1)]
    [InlineData("path: x\n  missing: [", 2)]
    [InlineData("path: @x", 1)]
    [InlineData("path: `x", 1)]
    [InlineData("}", 1)]
    [InlineData("path: x\nmissing: [a, b}", 2)]
    [InlineData("%YAML 99999999999999999999.1\n---\npath: x", 1)]
    [InlineData("path: \"\\q\"", 1)]
    [InlineData("path: \"\\uD800\"", 1)]
    public void Text_that_is_no_YAML_is_refused_with_its_line(string yaml, int line)
    {
        var problem = Assert.Single(Assert.Throws<SpecException>(() => Sample.Read<CsvSpec>(yaml)).Problems);

        Assert.Equal(line, problem.Line);
        Assert.StartsWith("cannot be read as YAML: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_surrogate_is_refused() =>
        Assert.Equal("1:7: the character U+D800 cannot stand in a YAML file; in double quotes write \\ud800", Sample.Problems<CsvSpec>("path: \ud800"));

    [Fact]
    public void A_byte_order_mark_is_passed_over() => Assert.Equal("x", Sample.Read<CsvSpec>("\uFEFFpath: x").Value.Path);

    [Fact]
    public void A_file_above_a_mebibyte_is_refused_and_one_of_just_that_is_read()
    {
        Assert.Equal((1 << 20) - 6, Sample.Read<CsvSpec>("path: ".PadRight(1 << 20, 'x')).Value.Path.Length);
        Assert.Equal("the file is larger than 1024 KiB", Sample.Problems<CsvSpec>("path: ".PadRight((1 << 20) + 1, 'x')));
        Assert.Equal("the file is larger than 1024 KiB", Sample.Problems<CsvSpec>("path: ".PadRight((1 << 19) + 6, 'é')));
    }

    [Theory]
    [InlineData("[", 1 << 20)]
    [InlineData("{a: ", 1 << 18)]
    [InlineData("- ", 1 << 19)]
    [InlineData("? ", 1 << 19)]
    [InlineData("a: {b: [", 1 << 17)]
    public void Deep_nesting_is_refused_whatever_opens_it(string opening, int times)
    {
        var yaml = new StringBuilder().Insert(0, opening, times).ToString();

        Assert.Contains(Assert.Throws<SpecException>(() => Sample.Read<CsvSpec>(yaml)).Problems, p => p.Message is "nested deeper than 64 levels" || p.Message.StartsWith("cannot be read as YAML", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a{0}: 1\n")]
    [InlineData("*a : {0}\n")]
    [InlineData("? [{0}]\n: 1\n")]
    public void A_hundred_problems_are_listed_and_no_more(string line)
    {
        var yaml = string.Concat(Enumerable.Range(0, 10_000).Select(i => line.Replace("{0}", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));

        var problems = Assert.Throws<SpecException>(() => Sample.Read<CsvSpec>(yaml)).Problems;

        Assert.Equal(101, problems.Count);
        Assert.Equal("there may be more; these are the first hundred", problems[^1].Message);
    }

    [Fact]
    public void Long_keys_are_shortened_in_paths()
    {
        var message = Sample.Problems<CsvSpec>($"? {new string('k', 500_000)}\n: [1]\npath: [1]");

        Assert.True(message.Length < 500, message);
    }

    [Fact]
    public void Two_thousand_mutations_of_a_good_file_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(20261120);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            var yaml = Mutate(Sample.Yaml, random);
            try
            {
                Assert.NotNull(Sample.Read(yaml).Value.UseCase);
                read++;
            }
            catch (SpecException e)
            {
                Assert.NotEmpty(e.Problems);
                Assert.All(e.Problems, p => Assert.True(p.Line > 0, $"{p} has no line in:\n{yaml}"));
                refused++;
            }
        }
        Assert.True(read > 50 && refused > 1_000, $"{read} read, {refused} refused: the mutations prove little");
    }

    private static string Mutate(string good, Random random)
    {
        const string marks = "{}[]:,-?&*!|>'\"%@`#~ \n\t\0\u00e9\ud83d0a.";
        var yaml = new StringBuilder(good);
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var at = random.Next(yaml.Length);
            var length = Math.Min(random.Next(1, 12), yaml.Length - at);
            switch (random.Next(5))
            {
                case 0: yaml.Remove(at, length); break;
                case 1: yaml.Insert(at, marks[random.Next(marks.Length)]); break;
                case 2: yaml[at] = marks[random.Next(marks.Length)]; break;
                case 3: yaml.Insert(random.Next(yaml.Length), yaml.ToString(at, length)); break;
                default: yaml.Length = Math.Max(1, yaml.Length - length); break;
            }
        }
        return yaml.ToString();
    }
}
