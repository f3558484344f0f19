using Slipway.Core;
using Slipway.Pipelines.Actions;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.Steps;
using Slipway.Pipelines.Triggers;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.Pipelines.UseCases;

public class UseCaseSpecTests
{
    private const string BikeDemand = """
        use-case: bike-demand
        source:
          csv: { path: data/hourly-*.csv, follow: true }
        trigger: { every: 1h }
        prepare:
          - fill-missing: { temp: 20.0 }
          - one-hot: { column: season, values: [1, 2, 3, 4] }
        model: bike-demand@champion
        act:
          - when: prediction > 500
            log: "{season}: {prediction}"
          - csv: { path: out.csv }
        sample: { rate: 10%, keep: 90d }
        monitor:
          drift: { window: 1d, against: training }
          watch: [ "latency.p99 < 50ms", "mean(prediction) between 50 and 400" ]
          alert: [ { log: {} } ]
        tests:
          - given: [{ season: 1, temp: 9.8 }]
            expect: [{ prediction: { near: 16.0, within: 0.5 } }]
        """;

    [Fact]
    public void The_file_of_the_design_reads()
    {
        var spec = UseCaseSpec.Read(BikeDemand).Value;
        Assert.Equal("bike-demand", spec.UseCase);
        Assert.Equal("data/hourly-*.csv", Assert.IsType<CsvSource>(spec.Source).Path);
        Assert.Equal(TimeSpan.FromHours(1), Assert.IsType<Every>(spec.EffectiveTrigger).Period.Value);
        Assert.IsType<FillMissing>(spec.Prepare[0]);
        Assert.Equal(["1", "2", "3", "4"], Assert.IsType<OneHot>(spec.Prepare[1]).Values.Select(v => v.ToString()!));
        Assert.Equal(new ModelReference("bike-demand", "champion"), spec.Model);
        Assert.Equal("prediction > 500", spec.Act[0].When!.Text);
        Assert.IsType<LogSink>(spec.Act[0].Sink);
        Assert.Null(spec.Act[1].When);
        Assert.Equal(0.1, spec.Sample!.Rate.Share, 1e-12);
        Assert.Equal(TimeSpan.FromDays(90), spec.Sample.KeepFor);
        Assert.Equal(TimeSpan.FromDays(1), spec.Monitor!.Drift!.Window.Value);
        Assert.Equal(0.01, spec.Monitor.Drift.AlarmLevel);
        Assert.Equal(TimeSpan.FromMinutes(1), spec.Monitor.Period);
        Assert.Equal(2, spec.Monitor.Watch.Length);
        Assert.IsType<LogSink>(Assert.Single(spec.Monitor.Alert));
        Assert.Equal(9.8, spec.Tests[0].Given[0]["temp"]);
        Assert.Equal(new Expectation(Near: 16, Within: 0.5), spec.Tests[0].Expect[0]["prediction"]);
    }

    [Fact]
    public void The_examples_of_this_repository_read()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(RepositoryRoot(), "examples"), "use-case.yaml", SearchOption.AllDirectories))
        {
            Assert.NotEmpty(UseCaseSpec.Read(File.ReadAllText(file), file).Value.UseCase);
        }
    }

    [Theory]
    [InlineData("csv: { path: a.csv }", typeof(OnArrival))]
    [InlineData("request: {}", typeof(OnRequest))]
    public void Without_a_trigger_the_source_decides(string source, Type trigger) =>
        Assert.IsType(trigger, UseCaseSpec.Read($"use-case: a\nsource: {{ {source} }}\nmodel: m").Value.EffectiveTrigger);

    [Theory]
    [InlineData("on-request", typeof(OnRequest))]
    [InlineData("on-arrival", typeof(OnArrival))]
    [InlineData("{ on-arrival: { poll: 250ms } }", typeof(OnArrival))]
    [InlineData("{ cron: \"0 6 * * 1-5\" }", typeof(Cron))]
    [InlineData("{ cron: { schedule: \"0 6 * * 1-5\", time-zone: UTC } }", typeof(Cron))]
    [InlineData("{ every: 90s }", typeof(Every))]
    public void Every_trigger_reads(string trigger, Type type) =>
        Assert.IsType(type, UseCaseSpec.Read($"use-case: a\nsource: {{ csv: {{ path: a.csv }} }}\ntrigger: {trigger}\nmodel: m").Value.Trigger);

    [Theory]
    [InlineData("retrain: { on: [drift] }", "retrain: unknown")]
    [InlineData("rollout: {}", "rollout: unknown")]
    [InlineData("place: {}", "place: unknown")]
    [InlineData("monitor: { drift: { windw: 1d } }", "monitor.drift.windw: unknown; did you mean window?")]
    [InlineData("monitor: { drift: { window: 0s } }", "monitor.drift.window: must be more than zero")]
    [InlineData("monitor: { drift: { window: 1d, alarm: 100% } }", "monitor.drift.alarm: must lie between 0% and 100%")]
    [InlineData("monitor: { every: 0s }", "monitor.every: must be more than zero")]
    [InlineData("monitor: { watch: [ \"latency.p99 <\" ] }", "monitor.watch[0]:")]
    [InlineData("trigger: { every: 0s }", "must be more than zero")]
    [InlineData("trigger: { cron: \"61 * * * *\" }", "'61' is not a number from 0 to 59")]
    [InlineData("trigger: { cron: { schedule: \"* * * * *\", time-zone: Mars/Olympus } }", "trigger.cron.time-zone: this machine knows no time zone 'Mars/Olympus'")]
    [InlineData("prepare: [ { clip: { a: {} } } ]", "prepare[0].clip.a: give min, max or both")]
    [InlineData("prepare: [ { scale: { a: { mean: 1, std: 0 } } } ]", "prepare[0].scale.a: std must be more than zero")]
    [InlineData("prepare: [ { one-hott: { column: a, values: [1] } } ]", "prepare[0].one-hott: unknown; did you mean one-hot?")]
    [InlineData("act: [ { when: a > 1 } ]", "act[0]: missing: one of")]
    [InlineData("tests: [ { given: [], expect: [] } ]", "tests[0].given: give at least one row")]
    [InlineData("tests: [ { given: [{a: 1}], expect: [] } ]", "tests[0].expect: has 0 items for 1 rows given")]
    [InlineData("tests: [ { given: [{a: 1}], expect: [{p: {near: 1}}] } ]", "tests[0].expect[0].p: near needs within")]
    [InlineData("tests: [ { given: [{a: 1}], expect: [{p: {near: 1, within: -1}}] } ]", "tests[0].expect[0].p: within is a distance")]
    [InlineData("tests: [ { given: [{a: 1}], expect: [{p: {min: 2, max: 1}}] } ]", "tests[0].expect[0].p: write a value")]
    public void A_mistake_is_an_error_with_its_path(string line, string expected)
    {
        var error = Assert.Throws<SpecException>(() => UseCaseSpec.Read($"use-case: a\nsource: {{ csv: {{ path: a.csv }} }}\nmodel: m\n{line}"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.All(error.Problems, problem => Assert.Equal(4, problem.Line));
    }

    [Fact]
    public void The_name_follows_the_rule_for_names()
    {
        var error = Assert.Throws<SpecException>(() => UseCaseSpec.Read("use-case: bike demand\nsource: { csv: { path: a.csv } }\nmodel: m"));
        Assert.Equal("use-case", Assert.Single(error.Problems).Path);
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Slipway.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
