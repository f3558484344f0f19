using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.Pipelines.UseCases;

public class UseCaseCompilerTests
{
    private static readonly TableSchema Source = new(
        [new("station", ElementType.Bytes), new("temp", ElementType.Float64), new("season", ElementType.Float64), new("spare", ElementType.Bytes)]);

    private static readonly Signature Model = new(
        [new TensorSpec("features", ElementType.Float32, [-1, 3], Columns: ["temp", "season_1", "season_2"])],
        [new TensorSpec("prediction", ElementType.Float32, [-1])]);

    [Fact]
    public void Three_tables_follow_from_source_steps_and_model()
    {
        var bound = Bind("""
            prepare:
              - one-hot: { column: season, values: [1, 2] }
              - select: [season_1, season_2, temp]
              - rename: { temp: t }
              - expression: { temp: t * 1 }
            act:
              - when: prediction > 1 and station = 'A' and season = 1 and t > 0
                probe: {}
            """);
        Assert.Equal("season_1 INT64, season_2 INT64, t FP64, temp FP64", bound.Prepared.ToString());
        Assert.Equal("station BYTES, temp FP64, season FP64, spare BYTES, season_1 INT64, season_2 INT64, t FP64, prediction FP32", bound.Acted.ToString());
        Assert.Equal(["prepare[0].one-hot", "prepare[1].select", "prepare[2].rename", "prepare[3].expression"], bound.Steps.Select(s => s.Stage));
        Assert.Equal("act[0].probe", Assert.Single(bound.Actions).Stage);
    }

    [Fact]
    public void A_prepared_column_is_seen_in_its_prepared_form()
    {
        var bound = Bind("prepare: [ { one-hot: { column: season, values: [1, 2], keep: true } }, { cast: { season: text } } ]\nact: [ { when: \"season = '1'\", probe: {} } ]");
        Assert.Equal(ElementType.Bytes, bound.Acted.Find("season")!.Type);
    }

    [Fact]
    public void Every_problem_is_reported_at_once_with_its_place()
    {
        var problems = Problems("""
            prepare:
              - one-hot: { column: season, values: [1, 3] }
            act:
              - when: predicton > 1
                probe: {}
              - when: temp + 1
                probe: {}
            monitor:
              drift: { window: 1d, columns: [temp, station, tmp] }
            tests:
              - given: [{ temp: warm, season: 1, hour: 3 }]
                expect: [{ prediction: high, predicted: 1, station: { near: 1, within: 1 } }]
            """);
        Assert.Equal(
            [
                "3:8: model: the model needs a column 'season_2', which is not there after prepare; did you mean season_1?",
                "7:11: act[0].when: no column is called 'predicton'; did you mean 'prediction'?",
                "9:11: act[1].when: is not a condition: it gives no true or false",
                "12:49: monitor.drift.columns[2]: no column is called 'tmp'; did you mean temp?",
                "14:21: tests[0].given[0].temp: warm is not a value of a FP64 column; write a number",
                "14:44: tests[0].given[0].hour: no column is called 'hour'; there are: station, temp, season, spare",
                "15:28: tests[0].expect[0].prediction: high is not a value of a FP32 column; write a number",
                "15:45: tests[0].expect[0].predicted: no column is called 'predicted'; did you mean prediction?",
                "15:48: tests[0].expect[0].station: column 'station' holds BYTES: expect a value",
            ],
            problems);
    }

    [Fact]
    public void A_step_that_cannot_be_bound_is_reported_at_the_field()
    {
        Assert.Equal(
            ["6:24: prepare[1].one-hot.column: no column is called 'seson'; did you mean season?"],
            Problems("prepare:\n  - select: [season]\n  - one-hot: { column: seson, values: [1] }"));
    }

    [Fact]
    public void Text_cannot_feed_numbers()
    {
        var problems = Problems("prepare: [ { one-hot: { column: season, values: [1, 2] } }, { cast: { temp: text } } ]");
        Assert.Equal(["3:8: model: column 'temp' holds text, the model needs FP32; cast or one-hot it in prepare"], problems);
    }

    [Fact]
    public void An_output_may_not_take_the_name_of_a_prepared_column_but_that_of_a_dropped_one()
    {
        var source = new TableSchema([new("temp", ElementType.Float64), new("season_1", ElementType.Float64), new("season_2", ElementType.Float64), new("prediction", ElementType.Bytes)]);
        Assert.Equal(
            ["3:8: model: the model's output 'prediction' has the name of a column; drop or rename the column in prepare"],
            Problems("", source));
        var bound = Bind("prepare: [ { drop: [prediction] } ]", source);
        Assert.Equal("temp FP64, season_1 FP64, season_2 FP64, prediction FP32", bound.Acted.ToString());
    }

    [Fact]
    public void Sinks_are_checked_against_the_columns_they_will_get()
    {
        Assert.Equal(
            [
                "6:37: act[0].csv.columns[0]: no column is called 'predicton'; did you mean prediction?",
                "7:10: act[1].log.message: no column is called 'hour'; there are: station, temp, season, spare, season_1, season_2, prediction",
                "8:68: monitor.alert[0].http.columns[1]: no column is called 'mesage'; did you mean message?",
            ],
            Problems("""
                prepare: [ { one-hot: { column: season, values: [1, 2] } } ]
                act:
                  - csv: { path: out.csv, columns: [predicton] }
                  - log: "{hour}"
                monitor: { alert: [ { http: { url: "http://a", columns: [use_case, mesage] } } ] }
                """));
    }

    [Fact]
    public void A_request_source_without_columns_takes_the_models()
    {
        var document = Specs.Read("use-case: a\nsource: request\nmodel: m\ntests: [ { given: [{ temp: 1 }], expect: [{ prediction: 2 }] } ]");
        var signature = new Signature(
            [new TensorSpec("features", ElementType.Float32, [-1, 1], Columns: ["temp"]), new TensorSpec("name", ElementType.Bytes, [-1])],
            [new TensorSpec("prediction", ElementType.Float32, [-1])]);
        Assert.Equal("temp FP32, name BYTES", UseCaseCompiler.Bind(document, TableSchema.Empty, signature).Source.ToString());
        Assert.Empty(UseCaseCompiler.Check(document, TableSchema.Empty, signature).NotChecked);
        Assert.NotEmpty(UseCaseCompiler.Check(document, TableSchema.Empty, null).NotChecked);
    }

    [Fact]
    public void A_request_source_takes_no_other_trigger()
    {
        var document = Specs.Read("use-case: a\nsource: request\nmodel: m\ntrigger: { every: 1h }");
        var signature = new Signature([new TensorSpec("x", ElementType.Float32, [-1])], []);
        var error = Assert.Throws<SpecException>(() => UseCaseCompiler.Bind(document, new TableSchema([new("x", ElementType.Float64)]), signature));
        Assert.Equal("trigger", Assert.Single(error.Problems).Path);
    }

    [Fact]
    public void Watches_are_bound_when_there_is_a_scope()
    {
        var yaml = Yaml("prepare: [ { one-hot: { column: season, values: [1, 2] } } ]\nmonitor: { watch: [ \"mean(prediction) < 4\", \"mean(predicton) < 4\", \"speed > 3\" ] }");
        var error = Assert.Throws<SpecException>(() => UseCaseCompiler.Bind(Specs.Read(yaml), Source, Model, columns => new Scope(columns)));
        Assert.Equal(["monitor.watch[1]", "monitor.watch[2]"], error.Problems.Select(p => p.Path));
        var check = UseCaseCompiler.Check(Specs.Read(yaml), Source, Model);
        Assert.Empty(check.Problems);
        Assert.Equal(["monitor.watch"], check.NotChecked);
    }

    [Fact]
    public void Check_says_what_it_could_not_look_at()
    {
        var document = Specs.Read(Yaml("prepare: [ { select: [tmp] } ]"));
        Assert.Equal(["prepare, act, monitor and tests: the columns of the source are not known"], UseCaseCompiler.Check(document, null, Model).NotChecked);
        var broken = UseCaseCompiler.Check(document, Source, Model);
        Assert.Equal(["prepare[0].select[0]"], broken.Problems.Select(p => p.Path));
        Assert.Equal(["what comes after prepare[0].select, because its columns are not known"], broken.NotChecked);
        var fine = UseCaseCompiler.Check(Specs.Read(Yaml("prepare: [ { select: [temp] } ]")), Source, null);
        Assert.Empty(fine.Problems);
        Assert.Equal(["model inputs, act, monitor and tests: the signature of m is not known"], fine.NotChecked);
    }

    [Fact]
    public void Inputs_that_no_column_can_feed_are_named()
    {
        var model = new Signature(
            [
                new TensorSpec("image", ElementType.Float32, [-1, 3, 8, 8]),
                new TensorSpec("temp", ElementType.Float32, [-1, 2]),
                new TensorSpec("note", ElementType.Bytes, [-1], Optional: true),
                new TensorSpec("season", ElementType.Bytes, [-1]),
            ],
            [new TensorSpec("p", ElementType.Float32, [-1])]);
        var error = Assert.Throws<SpecException>(() => UseCaseCompiler.Bind(Specs.Read(Yaml("")), Source, model));
        Assert.Equal(3, error.Problems.Count);
        Assert.Contains("needs a column 'image'", error.Problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("'temp'", error.Problems[1].Message.Replace("temp FP32[-1,2]", "'temp'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("the model needs text", error.Problems[2].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RowRelation.Grouped, "csv: { path: a.csv }", "m@best", "m@best answers whole baskets, histories or forecasts, not rows", "/v2/models/m/versions/best/infer")]
    [InlineData(RowRelation.Grouped, "request", "m/3", "m/3 answers whole baskets", "/v2/models/m/versions/3/infer")]
    [InlineData(RowRelation.Ordered, "csv: { path: a.csv }", "m", "m answers each row by the rows before it too", "/v2/models/m/infer")]
    public void A_model_whose_rows_depend_on_each_other_is_refused_with_what_to_do(RowRelation rows, string source, string model, string why, string instead)
    {
        var document = Specs.Read($"use-case: a\nsource: {(source == "request" ? source : $"{{ {source} }}")}\nmodel: {model}");
        var check = UseCaseCompiler.Check(document, Source, Model with { Rows = rows });
        var problem = Assert.Single(check.Problems);
        Assert.Equal(("model", 3), (problem.Path, problem.Line));
        Assert.StartsWith(why, problem.Message, StringComparison.Ordinal);
        Assert.Contains($"'slipway score --model {model}'", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith($"POST {instead}", problem.Message, StringComparison.Ordinal);
        Assert.Equal(["prepare, act, monitor and tests: no use case can have this model"], check.NotChecked);
        Assert.Equal(problem, Assert.Single(Assert.Throws<SpecException>(() => UseCaseCompiler.Bind(document, Source, Model with { Rows = rows })).Problems));
        Assert.Equal(problem, Assert.Single(Assert.Throws<SpecException>(() => UseCaseCompiler.RequireUsable(document, Model with { Rows = rows })).Problems));
    }

    [Fact]
    public void A_series_comes_whole_with_a_request_so_that_a_model_may_look_at_the_rows_before()
    {
        var document = Specs.Read("use-case: a\nsource: request\nmodel: m");
        UseCaseCompiler.RequireUsable(document, Model with { Rows = RowRelation.Ordered });
        Assert.Equal(RowRelation.Ordered, UseCaseCompiler.Bind(document, TableSchema.Empty, Model with { Rows = RowRelation.Ordered }).Signature.Rows);
    }

    private static string Yaml(string rest) => $"use-case: a\nsource: {{ csv: {{ path: a.csv }} }}\nmodel: m\n{rest}";

    private static BoundUseCase Bind(string rest, TableSchema? source = null) => UseCaseCompiler.Bind(Specs.Read(Yaml(rest)), source ?? Source, Model);

    private static string[] Problems(string rest, TableSchema? source = null) =>
        [.. Assert.Throws<SpecException>(() => Bind(rest, source)).Problems.Select(p => p.ToString())];

    private sealed class Scope(TableSchema columns) : IWatchScope
    {
        public IEnumerable<string> Metrics => ["rows"];

        public IEnumerable<string> ColumnNames => columns.Names;

        public bool HasMetric(string name) => name == "rows";

        public ElementType? ColumnType(string column) => columns.Find(column)?.Type;
    }
}
