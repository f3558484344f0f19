using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Serving;

namespace Slipway.Tests.Serving;

public sealed partial class PrometheusTests
{
    [Fact]
    public void A_family_has_help_type_and_escaped_samples()
    {
        var text = new PrometheusText()
            .Family("a_total", "counter", "One\nline with a \\ and a \".").Sample(1.5, ("name", "a\"b\\c\nd"), ("n", "1")).Sample(double.NaN)
            .Family("b", "histogram", "h").Sample("_bucket", 2, ("le", "+Inf")).Sample("_sum", double.PositiveInfinity)
            .ToString();
        Assert.Equal(
            """
            # HELP a_total One\nline with a \\ and a ".
            # TYPE a_total counter
            a_total{name="a\"b\\c\nd",n="1"} 1.5
            a_total NaN
            # HELP b h
            # TYPE b histogram
            b_bucket{le="+Inf"} 2
            b_sum +Inf

            """, text);
    }

    [Fact]
    public void A_family_given_twice_or_misnamed_is_refused()
    {
        var text = new PrometheusText().Family("a", "gauge", "");
        Assert.Throws<ArgumentException>(() => text.Family("a", "gauge", ""));
        Assert.Throws<ArgumentException>(() => text.Family("1a", "gauge", ""));
        Assert.Throws<ArgumentException>(() => text.Family("a-b", "gauge", ""));
    }

    [Fact]
    public async Task A_scrape_shows_what_was_served_in_the_text_format()
    {
        await using var server = await InferenceServer.StartAsync(services => services.AddSingleton<IMetricSource, Extra>());
        await server.PushAsync("m", "scale 1", "champion");
        await server.PushAsync("m", "corrupt no", "next");
        for (var i = 0; i < 3; i++)
        {
            await server.PostAsync("/v2/models/m/infer", """{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}]}""");
        }
        await server.PostAsync("/v2/models/m/infer", """{"inputs":[{"name":"z","shape":[1],"datatype":"FP32","data":[1]}]}""");

        using var response = await server.Client.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        Assert.Contains("""slipway_requests_total{model="m",version="1"} 3""", lines);
        Assert.Contains("""slipway_rows_total{model="m",version="1"} 6""", lines);
        Assert.Contains("""slipway_request_errors_total{model="m",version="1"} 1""", lines);
        Assert.Contains("""slipway_request_duration_seconds_count{model="m",version="1"} 3""", lines);
        Assert.Contains("""slipway_request_duration_seconds_bucket{model="m",version="1",le="+Inf"} 3""", lines);
        Assert.Contains("""slipway_model_version_state{model="m",version="1",state="ready"} 1""", lines);
        Assert.Contains("""slipway_model_version_state{model="m",version="2",state="failed"} 1""", lines);
        Assert.Contains("""slipway_alias_version{model="m",alias="champion"} 1""", lines);
        Assert.Contains("""slipway_alias_version{model="m",alias="next"} 0""", lines);
        Assert.Contains("slipway_extra 42", lines);
        Assert.Contains(lines, line => line.StartsWith("process_cpu_seconds_total ", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(line.Length == 0 || line[0] == '#' || SampleLine().IsMatch(line), line));
        var buckets = lines.Where(l => l.StartsWith("slipway_request_duration_seconds_bucket{model=\"m\",version=\"1\"", StringComparison.Ordinal)).Select(l => double.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(buckets.Order(), buckets);
    }

    [GeneratedRegex("""^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-z_]+="[^"]*",?)+\})? (NaN|[+-]Inf|[0-9.eE+-]+)$""")]
    private static partial Regex SampleLine();

    private sealed class Extra : IMetricSource
    {
        public void WriteTo(PrometheusText text) => text.Family("slipway_extra", "gauge", "An extra one.").Sample(42);
    }
}
