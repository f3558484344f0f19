using System.Text.Json.Nodes;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

public sealed class SpecReaderTests
{
    [Fact]
    public void A_file_that_uses_every_form_reads_into_its_records()
    {
        var spec = Sample.Read(Sample.Yaml).Value;

        Assert.Equal("bike-demand", spec.UseCase);
        var csv = Assert.IsType<CsvSpec>(spec.Source);
        Assert.Equal(("data/hourly-*.csv", true), (csv.Path, csv.Follow));
        Assert.Equal(TimeSpan.FromHours(1), Assert.IsType<EverySpec>(spec.Trigger).Interval.Value);
        Assert.Equal([KeyValuePair.Create("temp", (object?)20.0), KeyValuePair.Create("season", (object?)"unknown")], Assert.IsType<FillMissingSpec>(spec.Prepare[0]).Values);
        var oneHot = Assert.IsType<OneHotSpec>(spec.Prepare[1]);
        Assert.Equal([1L, 2L, "3"], oneHot.Values);
        Assert.Equal(UnknownValue.Refuse, oneHot.Unknown);
        Assert.Equal(["temp", "season"], Assert.IsType<SelectSpec>(spec.Prepare[2]).Columns);
        Assert.Equal(new ModelName("bike-demand", "champion"), spec.Model);
        var http = Assert.IsType<HttpSpec>(spec.Act[0].Sink);
        Assert.Equal(("prediction > 500", "Bearer ${env:OPS_TOKEN}", 5), (spec.Act[0].When, http.Token, http.Retry!.Attempts));
        Assert.Equal("info", Assert.IsType<LogSpec>(spec.Act[1].Sink).Level);
        Assert.Equal(new SampleSpec(new Percent(0.1), new Duration(TimeSpan.FromDays(90))), spec.Sample);
        Assert.Equal(Measure.MeanAbsoluteError, spec.Monitor!.Compare);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"any":[1,"two",{"three":null}]}"""), spec.Monitor.Alert));
    }

    [Fact]
    public void Absent_fields_take_the_constructors_defaults_and_absent_arrays_are_empty()
    {
        var spec = Sample.Read("use-case: a\nsource: { csv: { path: p } }").Value;

        Assert.Null(spec.Trigger);
        Assert.Null(spec.Model);
        Assert.False(spec.Prepare.IsDefault);
        Assert.False(spec.Act.IsDefault);
        var csv = Assert.IsType<CsvSpec>(spec.Source);
        Assert.False(csv.Follow);
        Assert.False(csv.Missing.IsDefault);
    }

    [Fact]
    public void Every_mistake_of_a_file_is_reported_at_once_in_the_order_of_the_file()
    {
        const string yaml = """
            use-case: [a]
            source:
              csv: { pth: x, follow: 1 }
            trigger: { every: 1x }
            prepare:
              - one-hot: { column: season, values: 1, unknown: all-zeros }
              - selct: [a]
            act:
              - when: x
            sample: { rate: 200%, keeep: 90d }
            monitor: { window: 1d }
            """;

        Assert.Equal(
            """
            1:1: use-case: expected text, found a list
            3:10: source.csv.pth: unknown; did you mean path?
            3:26: source.csv.follow: expected true or false, found 1
            4:19: trigger.every: '1x' is not a duration; write for example 250ms, 30s, 5m, 1h, 90d
            6:40: prepare[0].one-hot.values: expected a list, found 1
            6:52: prepare[0].one-hot.unknown: 'all-zeros' is unknown; did you mean all-zero?
            7:5: prepare[1].selct: unknown; did you mean select?
            9:5: act[0]: missing: one of http, log
            10:17: sample.rate: '200%' is not a percentage from 0% to 100%; write for example 10%
            10:23: sample.keeep: unknown; did you mean keep?
            11:12: monitor.window: unknown; allowed: compare, alert
            """.ReplaceLineEndings("\n"), Sample.Problems<UseCaseSpec>(yaml));
    }

    [Fact]
    public void A_problem_names_the_file()
    {
        var error = Assert.Throws<SpecException>(() => new SpecReader(Sample.Catalog).Read<RetrySpec>("attempts: many", "retry.yaml"));

        Assert.Equal("retry.yaml", error.File);
        Assert.Equal("retry.yaml:1:11: attempts: expected a whole number, found text 'many'", error.Message);
    }

    [Theory]
    [InlineData("path: a\npath: b", "2:1: path: given twice; first in line 1")]
    [InlineData("follow: true", "1:1: path: missing; expected text")]
    [InlineData("path:", "1:1: path: is empty; expected text; write \"\" for empty text, \"null\" for the word")]
    [InlineData("path: ~", "1:7: path: is empty; expected text; write \"\" for empty text, \"null\" for the word")]
    [InlineData("path: a\nmissing:", "2:1: missing: is empty; expected a list, [] for none")]
    [InlineData("path: a\nmissing: NA", "2:10: missing: expected a list, found text 'NA'")]
    [InlineData("path: a\nmissing: [NA, [x]]", "2:15: missing[1]: expected text, found a list")]
    [InlineData("path: { a: b }", "1:1: path: expected text, found a mapping")]
    [InlineData("[a]", "1:1: expected a mapping, found a list")]
    [InlineData("just text", "1:1: expected a mapping, found text 'just text'")]
    [InlineData("# nothing", "1:1: the file is empty")]
    [InlineData("Path: a", "1:1: Path: unknown; did you mean path?")]
    public void A_wrong_record_is_refused_with_place_path_and_reason(string yaml, string problem) => Assert.Equal(problem, Sample.Problems<CsvSpec>(yaml));

    [Fact]
    public void What_a_record_says_against_its_values_is_a_problem_at_the_field() =>
        Assert.Equal("3:37: prepare[0].clip.min: min 3 is above max 2", Sample.Problems<UseCaseSpec>("use-case: a\nsource: request\nprepare: [{ clip: { column: a, min: 3, max: 2 } }]"));
}
