using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

public sealed class SpecDocumentTests
{
    private static readonly SpecDocument<UseCaseSpec> Document = Sample.Read(Sample.Yaml);

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("source", 2, 1)]
    [InlineData("source.csv.path", 3, 16)]
    [InlineData("source.csv.missing", 3, 3)]
    [InlineData("prepare[1]", 7, 5)]
    [InlineData("prepare[1].one-hot.column", 7, 24)]
    [InlineData("prepare[1].one-hot.values[2]", 7, 47)]
    [InlineData("prepare[9].clip", 5, 1)]
    [InlineData("prepare[x]", 5, 1)]
    [InlineData("act[0].http.retry.attempts", 15, 26)]
    [InlineData("act[1].log.level", 16, 5)]
    [InlineData("nowhere.at.all", 1, 1)]
    public void A_later_problem_is_placed_at_the_nearest_part_the_file_has(string path, int line, int column) =>
        Assert.Equal(new SpecProblem(path, line, column, "wrong"), Document.Problem(path, "wrong"));

    [Fact]
    public void Problems_relative_to_a_component_get_its_path_and_place()
    {
        var inner = new SpecException(null, new SpecProblem("column", 0, 0, "no such column"), new SpecProblem("", 0, 0, "too wide"));

        Assert.Equal(
            [new SpecProblem("prepare[1].one-hot.column", 7, 24, "no such column"), new SpecProblem("prepare[1].one-hot", 7, 5, "too wide")],
            Document.Problems("prepare[1].one-hot", inner));
    }

    [Fact]
    public void A_column_within_a_text_becomes_the_column_in_the_file()
    {
        var inner = new SpecException(null, new SpecProblem("", 1, 12, "no such thing"), new SpecProblem("", 1, 99, "far out"));

        Assert.Equal(
            [new SpecProblem("act[0].when", 11, 22, "no such thing"), new SpecProblem("act[0].when", 11, 11, "far out")],
            Document.Problems("act[0].when", inner));
    }

    [Fact]
    public void Keys_with_dots_and_brackets_are_found()
    {
        var document = Sample.Read<HttpSpec>("url: u\nheaders:\n  a: 1\n  a.b: 2\n  a[0].c: 3");

        Assert.Equal(4, document.Problem("headers.a.b", "").Line);
        Assert.Equal(5, document.Problem("headers.a[0].c", "").Line);
        Assert.Equal(3, document.Problem("headers.a.x", "").Line);
    }
}
