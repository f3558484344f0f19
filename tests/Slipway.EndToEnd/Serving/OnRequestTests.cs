using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Slipway.EndToEnd.Serving;

/// <summary>The delivery-time example: asked on request, by its raw columns.</summary>
public sealed class OnRequestTests(DeliveryServer fixture) : IClassFixture<DeliveryServer>
{
    private readonly Server _server = fixture.Server;
    private readonly Cli _cli = fixture.Cli;

    [Fact]
    public async Task Request_of_the_README_is_answered_and_its_sample_labelled_late()
    {
        string? sample = null;
        await Eventually.HoldsAsync("half of the answers name a sample", async () =>
        {
            var answer = await InferAsync(DeliveryExample.Request);
            Assert.Equal("delivery", answer.GetProperty("model_name").GetString());
            Assert.Equal("1", answer.GetProperty("model_version").GetString());
            var prediction = answer.GetProperty("outputs").EnumerateArray().Single(o => o.GetProperty("name").GetString() == "prediction");
            Assert.InRange(prediction.GetProperty("data")[0].GetDouble(), 15, 40);
            sample = answer.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty("sample_ids", out var ids) ? ids.GetString() : null;
            return sample is { Length: > 0 };
        }, () => _server.Transcript);

        await Eventually.HoldsAsync("the sample is in the store", async () => (await _cli.OkAsync("samples", "delivery", "--limit", "1000")).Contains(sample!, StringComparison.Ordinal));
        await _cli.OkAsync("label", sample!, "21.5");
        var kept = (await _cli.JsonAsync("samples", "delivery", "--limit", "1000")).EnumerateArray().Single(s => s.GetProperty("id").GetString() == sample);
        Assert.Equal("21.5", kept.GetProperty("label").GetString());
        Assert.Contains("\"rush_hour\":1", kept.GetProperty("input").GetString());
        Assert.Contains("\"weather_rain\":1", kept.GetProperty("input").GetString());
    }

    [Fact]
    public async Task Use_case_answers_what_its_model_answers_to_the_prepared_row()
    {
        var raw = Output(await InferAsync(DeliveryExample.Request));
        var prepared = new (string Name, double Value)[] { ("distance", 5.2), ("parcels", 2), ("rush_hour", 1), ("weather_dry", 0), ("weather_rain", 1), ("weather_snow", 0) };
        using var response = await _server.Http.PostAsJsonAsync("/v2/models/delivery-time/versions/champion/infer", new
        {
            inputs = prepared.Select(p => new { name = p.Name, shape = new[] { 1 }, datatype = "FP32", data = new[] { p.Value } }),
        });
        Assert.Equal(Output(await response.Content.ReadFromJsonAsync<JsonElement>()), raw);
    }

    [Fact]
    public async Task Metadata_shows_the_raw_columns_of_the_use_case_and_the_matrix_of_the_model()
    {
        Assert.Equal(["distance FP64", "hour FP64", "parcels FP64", "weather BYTES"], await InputsAsync("delivery"));
        Assert.Equal(["input FP32"], await InputsAsync("delivery-time"));
    }

    [Theory]
    [InlineData("\"rain\"", "\"hail\"", "hail")]
    [InlineData("\"data\":[17]", "\"data\":[\"soon\"]", "hour")]
    [InlineData("\"weather\"", "\"wether\"", "wether")]
    [InlineData("\"shape\":[1],\"datatype\":\"FP64\",\"data\":[5.2]", "\"shape\":[2],\"datatype\":\"FP64\",\"data\":[5.2]", "distance")]
    [InlineData("\"data\":[2]", "\"data\":[2", "JSON")]
    public async Task Bad_row_is_refused_with_its_reason(string from, string to, string named)
    {
        Assert.Contains(from, DeliveryExample.Request);
        using var response = await _server.SendAsync(HttpMethod.Post, "/v2/models/delivery/infer", DeliveryExample.Request.Replace(from, to, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(named, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Missing_value_is_filled_as_the_use_case_says()
    {
        var without = DeliveryExample.Request.Split('\n').Where(line => !line.Contains("\"parcels\"", StringComparison.Ordinal));
        var one = DeliveryExample.Request.Replace("\"data\":[2]", "\"data\":[1]", StringComparison.Ordinal);
        Assert.Equal(Output(await InferAsync(one)), Output(await InferAsync(string.Join('\n', without))));
    }

    [Fact]
    public async Task Paused_use_case_is_not_available_and_metrics_count_its_calls()
    {
        await InferAsync(DeliveryExample.Request);
        Assert.Contains("delivery", await _server.Http.GetStringAsync("/metrics"));
        await _cli.OkAsync("pause", "delivery");
        using (var paused = await _server.SendAsync(HttpMethod.Post, "/v2/models/delivery/infer", DeliveryExample.Request)) Assert.Equal(HttpStatusCode.ServiceUnavailable, paused.StatusCode);
        await _cli.OkAsync("resume", "delivery");
        await InferAsync(DeliveryExample.Request);
    }

    private async Task<JsonElement> InferAsync(string body)
    {
        using var response = await _server.SendAsync(HttpMethod.Post, "/v2/models/delivery/infer", body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}\n{_server.Transcript}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static string Output(JsonElement answer) =>
        answer.GetProperty("outputs").EnumerateArray().Single(o => o.GetProperty("name").GetString() == "prediction").GetProperty("data")[0].GetDouble().ToString("R", CultureInfo.InvariantCulture);

    private async Task<IEnumerable<string>> InputsAsync(string model) =>
        (await _server.GetAsync($"/v2/models/{model}")).GetProperty("inputs").EnumerateArray().Select(i => $"{i.GetProperty("name")} {i.GetProperty("datatype")}").Order(StringComparer.Ordinal);
}
