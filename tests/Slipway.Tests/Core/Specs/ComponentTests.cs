using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

public sealed class ComponentTests
{
    [Theory]
    [InlineData("on-request")]
    [InlineData("on-request:")]
    [InlineData("{ on-request: {} }")]
    [InlineData("\"on-request\"")]
    public void A_component_with_nothing_required_reads_bare_empty_or_with_an_empty_body(string yaml) =>
        Assert.IsType<OnRequestSpec>(Sample.Read<TriggerSpec>(yaml).Value);

    [Theory]
    [InlineData("every", "1:1: every: is empty; expected a duration")]
    [InlineData("every:", "1:1: every: is empty; expected a duration")]
    [InlineData("evry: 1h", "1:1: evry: unknown; did you mean every?")]
    [InlineData("evry", "1:1: 'evry' is unknown; did you mean every?")]
    [InlineData("weekly", "1:1: 'weekly' is unknown; allowed: every, on-request")]
    [InlineData("{ every: 1h, on-request: {} }", "1:1: expected one key, one of every, on-request; found every, on-request")]
    [InlineData("{}", "1:1: expected one key, one of every, on-request; found none")]
    [InlineData("[every]", "1:1: expected one of every, on-request, found a list")]
    [InlineData("on-request: { at: noon }", "1:15: on-request.at: unknown; nothing is allowed here")]
    public void A_wrong_component_is_refused(string yaml, string problem) => Assert.Equal(problem, Sample.Problems<TriggerSpec>(yaml));

    [Fact]
    public void Fields_beside_their_component_instead_of_below_are_seen_for_what_they_are() =>
        Assert.Equal(
            "4:5: prepare[0]: expected one key, one of fill-missing, one-hot, select, clip; found one-hot, column, values; indent the fields of one-hot further",
            Sample.Problems<UseCaseSpec>("use-case: a\nsource: request\nprepare:\n  - one-hot:\n    column: season\n    values: [1]"));

    [Theory]
    [InlineData("csv", "1:1: csv.path: missing; expected text")]
    [InlineData("csv:", "1:1: csv.path: missing; expected text")]
    [InlineData("csv: data.csv", "1:6: csv: expected a mapping, found text 'data.csv'")]
    public void A_component_with_a_required_field_needs_its_body(string yaml, string problem) => Assert.Equal(problem, Sample.Problems<SourceSpec>(yaml));

    [Theory]
    [InlineData("clip: temp", 0, 1)]
    [InlineData("clip: { column: temp, max: 5 }", 0, 5)]
    public void A_scalar_body_is_shorthand_for_the_body_field(string yaml, double min, double max)
    {
        var clip = Assert.IsType<ClipSpec>(Sample.Read<StepSpec>(yaml).Value);

        Assert.Equal(("temp", min, max), (clip.Column, clip.Min, clip.Max));
    }

    public sealed record Scale([Body] ImmutableArray<string> Columns, double Factor) : IScale;

    public interface IScale;

    [Fact]
    public void Shorthand_does_not_excuse_other_required_fields() =>
        Assert.Equal("1:1: factor: missing; expected a number", Sample.Problems<Scale>("[a, b]"));

    [Theory]
    [InlineData("{ when: x, log: {} }")]
    [InlineData("{ log: , when: x }")]
    public void An_inline_component_is_named_by_the_key_left_over(string yaml)
    {
        var action = Sample.Read<ActionSpec>(yaml).Value;

        Assert.Equal(("x", new LogSpec()), (action.When, action.Sink));
    }

    [Theory]
    [InlineData("{ when: x }", "1:1: missing: one of http, log")]
    [InlineData("{ log: {}, http: { url: u } }", "1:12: http: one of http, log may be named here, not two")]
    [InlineData("{ wen: x, log: {} }", "1:3: wen: unknown; did you mean when?")]
    [InlineData("{ htpp: { url: u } }", "1:3: htpp: unknown; did you mean http?")]
    [InlineData("{ mail: {} }", "1:1: missing: one of http, log\n1:3: mail: unknown; allowed: when, http, log")]
    [InlineData("{ log: { levl: debug } }", "1:10: log.levl: unknown; did you mean level?")]
    [InlineData("http", "1:1: http.url: missing; expected text")]
    [InlineData("mail", "1:1: expected a mapping, found text 'mail'")]
    public void A_wrong_inline_component_is_refused(string yaml, string problem) => Assert.Equal(problem, Sample.Problems<ActionSpec>(yaml));

    [Theory]
    [InlineData("${env:TOKEN}", true)]
    [InlineData("Bearer ${file:/run/secrets/token}", true)]
    [InlineData("hunter2", false)]
    [InlineData("${TOKEN}", false)]
    [InlineData("${env:}", false)]
    [InlineData("$env:TOKEN", false)]
    public void A_secret_is_a_placeholder_and_its_value_is_never_repeated(string text, bool isAccepted)
    {
        var yaml = $"url: u\ntoken: '{text}'";
        if (isAccepted) Assert.Equal(text, Sample.Read<HttpSpec>(yaml).Value.Token);
        else Assert.Equal("2:8: token: expected a secret: ${env:NAME} or ${file:PATH}, never the value itself", Sample.Problems<HttpSpec>(yaml));
    }

    public sealed record Hidden([Secret] ImmutableArray<string> Keys);

    [Fact]
    public void Every_item_of_a_secret_list_is_a_secret() =>
        Assert.StartsWith("1:23: keys[1]: expected a secret", Sample.Problems<Hidden>("keys: ['${env:ABCD}', plain]"), StringComparison.Ordinal);

    [Fact]
    public void A_base_without_components_allows_none() =>
        Assert.Equal("1:1: csv: unknown; nothing is allowed here", Assert.Throws<SpecException>(() => new SpecReader(new ComponentCatalog()).Read<SourceSpec>("csv: {}")).Message);

    [Fact]
    public void The_catalog_refuses_records_without_key_and_keys_taken_twice()
    {
        Assert.Throws<ArgumentException>(() => new ComponentCatalog().Add<IScale, Scale>());
        Assert.Throws<ArgumentException>(() => new ComponentCatalog().Add<SinkSpec, LogSpec>().Add<SinkSpec, LogSpec>());
        Assert.Throws<ArgumentException>(() => new ComponentCatalog().Add<SinkSpec, SinkSpec>());
    }

    [Fact]
    public void The_catalog_lists_components_in_order_of_registration()
    {
        Assert.Equal([KeyValuePair.Create("http", typeof(HttpSpec)), KeyValuePair.Create("log", typeof(LogSpec))], Sample.Catalog.For(typeof(SinkSpec)));
        Assert.Empty(Sample.Catalog.For(typeof(string)));
    }
}
