using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Slipway.EndToEnd.Robustness;

/// <summary>Bad input over HTTP: a 4xx with a reason each time, the server lives, what was deployed before goes on.</summary>
public sealed partial class BadRequestTests(DeliveryServer fixture) : IClassFixture<DeliveryServer>
{
    private readonly TemporaryFolder _folder = fixture.Folder;
    private readonly Server _server = fixture.Server;
    private readonly Cli _cli = fixture.Cli;

    [Fact]
    public async Task Damaged_models_are_refused_and_not_registered()
    {
        var package = _folder.CopyOf(Repository.Package("machine-failure"), "package");
        var whole = await File.ReadAllBytesAsync(Path.Combine(package, "model.json"));
        var registered = new HashSet<string>();
        foreach (var damaged in Damage.Truncations(whole).Where((_, i) => i % 2 == 0).Concat(Damage.Flips(whole, seed: 50, count: 50)))
        {
            await File.WriteAllBytesAsync(Path.Combine(package, "model.json"), damaged);
            using var response = await PushAsync("damaged", Zip(package));
            if (response.StatusCode == HttpStatusCode.Created) registered.Add((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("digest").GetString()!);
            else await AssertRefusedAsync(response);
        }
        var models = (await _server.GetAsync("/api/models")).EnumerateArray().ToDictionary(m => m.GetProperty("name").GetString()!);
        Assert.Equal(registered.Count > 0, models.ContainsKey("damaged"));
        if (registered.Count > 0) Assert.Equal(registered.Order(), models["damaged"].GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("digest").GetString()!).Order());
        await AssertAnswersAsync();
    }

    [Fact]
    public async Task Hostile_archives_are_refused()
    {
        var good = Zip(Repository.Package("delivery-time"));
        byte[][] archives = [[], "not a zip"u8.ToArray(), good[..(good.Length / 2)], Zip(("../../outside.json", "x")), Zip(("/outside.json", "x")), Zip(("readme.txt", "no model")), Zip(("model.yaml", "artifact: ../../../etc/passwd"))];
        foreach (var archive in archives)
        {
            using var response = await PushAsync("hostile", archive);
            await AssertRefusedAsync(response);
        }
        using var absent = await _server.Http.GetAsync("/api/models/hostile");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        await AssertAnswersAsync();
    }

    [Fact]
    public async Task Malformed_use_cases_are_refused_with_their_problems()
    {
        var whole = await File.ReadAllBytesAsync(Repository.PathOf("examples", "machine-failure", "use-case.yaml"));
        var (refused, withProblems) = (0, 0);
        foreach (var damaged in Damage.Edits(whole, seed: 500, count: 500))
        {
            using var response = await _server.ApplyAsync("machine-failure", Encoding.UTF8.GetString(damaged), _folder.Path);
            if (response.StatusCode == HttpStatusCode.OK) continue;
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            var error = await AssertRefusedAsync(response);
            refused++;
            if (error.TryGetProperty("problems", out var problems) && problems is { ValueKind: JsonValueKind.Array } && problems.GetArrayLength() > 0) withProblems++;
            else Assert.StartsWith("the file is about '", error.GetProperty("error").GetString());
        }
        Assert.InRange(refused, 250, 500);
        Assert.InRange(withProblems, 250, 500);
        await AssertAnswersAsync();
    }

    [Theory, InlineData("/v2/models/delivery/infer"), InlineData("/v2/models/nothing/infer"), InlineData("/v2/models/delivery-time/infer"), InlineData("/v2/models/delivery-time/versions/1/infer")]
    public async Task Malformed_inference_is_refused(string path)
    {
        var whole = Encoding.UTF8.GetBytes(DeliveryExample.Request);
        foreach (var damaged in Damage.Edits(whole, seed: 1000, count: 250).Concat(Damage.Truncations(whole)))
        {
            using var response = await _server.SendAsync(HttpMethod.Post, path, damaged);
            if (response.StatusCode != HttpStatusCode.OK) await AssertRefusedAsync(response);
        }
        await AssertAnswersAsync();
    }

    [Theory]
    [InlineData("PUT", "/api/usecases/x", "{")]
    [InlineData("PUT", "/api/usecases/x", "{\"yaml\": null}")]
    [InlineData("PUT", "/api/usecases/x", "{\"yaml\": \"a: b\", \"colour\": 1}")]
    [InlineData("PUT", "/api/usecases/x", "[]")]
    [InlineData("PUT", "/api/usecases/x", "")]
    [InlineData("PUT", "/api/models/delivery-time/aliases/champion", "{\"version\": \"one\"}")]
    [InlineData("PUT", "/api/models/delivery-time/aliases/champion", "{\"version\": 99}")]
    [InlineData("PUT", "/api/models/delivery-time/aliases/a%20b", "{\"version\": 1}")]
    [InlineData("PUT", "/api/samples/none/label", "{\"label\": 1}")]
    [InlineData("PUT", "/api/samples/none/label", "{}")]
    [InlineData("POST", "/api/usecases/none/run", "")]
    [InlineData("POST", "/api/usecases/delivery/quarantine/replay", "{\"ids\": [999999999]}")]
    [InlineData("POST", "/api/usecases/delivery/quarantine/drop", "{\"ids\": [999999999]}")]
    [InlineData("POST", "/api/usecases/delivery/quarantine/replay", "{\"ids\": null}")]
    [InlineData("POST", "/api/usecases/delivery/quarantine/replay", "{\"ids\": [\"a\"]}")]
    [InlineData("POST", "/api/models/a%2Fb/versions", "")]
    [InlineData("GET", "/api/models/none/history", "")]
    [InlineData("GET", "/api/models/delivery-time/versions/9/package", "")]
    [InlineData("GET", "/api/alerts?limit=many", "")]
    [InlineData("DELETE", "/api/usecases/none", "")]
    [InlineData("DELETE", "/api/overview", "")]
    [InlineData("GET", "/api/nothing", "")]
    [InlineData("PATCH", "/v2/models/delivery-time", "")]
    public async Task Malformed_management_call_is_refused(string method, string path, string body)
    {
        using var response = await _server.SendAsync(new HttpMethod(method), path, body);
        await AssertRefusedAsync(response);
    }

    [Fact]
    public async Task Malformed_CSV_rows_go_to_quarantine_and_the_others_through()
    {
        await _cli.OkAsync("push", "machine-failure", Repository.Package("machine-failure"), "--alias", "champion");
        await _cli.OkAsync("demo", "rows", "--count", "200", "--output", "rows.csv");
        var lines = await File.ReadAllLinesAsync(_folder["rows.csv"]);
        var random = new Random(3);
        var text = new StringBuilder(lines[0]).Append('\n');
        foreach (var line in lines[1..])
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            var damaged = random.Next(2) == 0 ? bytes : Damage.Edits(bytes, random.Next(), 1).Single();
            text.Append(Encoding.UTF8.GetString(damaged).Replace('\n', ' ').Replace('\"', '\'')).Append('\n');
        }
        _folder.Write("mill/rows/a-damaged.csv", text.ToString());
        _folder.Write("mill/rows/b-good.csv", "id,time,station,type,air_temperature,process_temperature,speed,torque,tool_wear\n900000,t,mill-1,M,300,310,1500,38,20\n");
        var yaml = await File.ReadAllTextAsync(Repository.PathOf("examples", "machine-failure", "use-case.yaml"));
        yaml = SourceColumns().Replace(yaml.Replace("use-case: machine-failure", "use-case: mill", StringComparison.Ordinal),
            "columns: { id: number, type: text, station: text, time: text, air_temperature: number, process_temperature: number, speed: number, torque: number, tool_wear: number }");
        using (var applied = await _server.ApplyAsync("mill", yaml, _folder["mill"])) await AssertOkAsync(applied);

        await Eventually.HoldsAsync("the good row behind the damaged ones is scored",
            () => SqliteFile.Column<long>(_folder["mill", "predictions.db"], "SELECT count(*) FROM predictions WHERE id = 900000") is [1], () => _server.Transcript);
        var (acted, bad) = (0L, 0L);
        await Eventually.HoldsAsync("every row is accounted for", async () =>
        {
            var status = (await _server.GetAsync("/api/usecases/mill")).GetProperty("status");
            (acted, bad) = (status.GetProperty("rowsActed").GetInt64(), status.GetProperty("quarantined").GetInt64());
            return acted + bad >= 201;
        }, () => _server.Transcript);
        Assert.Equal(201, acted + bad);
        Assert.NotEqual(0, bad);
        var rows = (await _server.GetAsync("/api/usecases/mill/quarantine")).EnumerateArray().ToArray();
        Assert.All(rows, row => Assert.NotEqual("", row.GetProperty("reason").GetString()));

        foreach (var act in new[] { "drop", "replay" })
        {
            using var foreign = await _server.SendAsync(HttpMethod.Post, $"/api/usecases/delivery/quarantine/{act}", $$"""{"ids": [{{rows[0].GetProperty("id")}}]}""");
            await AssertRefusedAsync(foreign);
        }
        await AssertAnswersAsync();
    }

    private async Task<JsonElement> AssertRefusedAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode is >= 400 and < 500, $"{(int)response.StatusCode} {text}\n{_server.Transcript}");
        var error = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.NotEqual("", error.GetProperty("error").GetString());
        return error;
    }

    private async Task AssertOkAsync(HttpResponseMessage response) =>
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}\n{_server.Transcript}");

    /// <summary>The server lives, and what was deployed before still answers.</summary>
    private async Task AssertAnswersAsync()
    {
        Assert.True(_server.IsAlive, _server.Transcript);
        using var response = await _server.SendAsync(HttpMethod.Post, "/v2/models/delivery/infer", DeliveryExample.Request);
        await AssertOkAsync(response);
    }

    private Task<HttpResponseMessage> PushAsync(string name, byte[] archive) =>
        _server.Http.PostAsync($"/api/models/{name}/versions?alias=champion", new ByteArrayContent(archive) { Headers = { ContentType = new("application/zip") } });

    private static byte[] Zip(string folder)
    {
        using var stream = new MemoryStream();
        ZipFile.CreateFromDirectory(folder, stream, CompressionLevel.Fastest, includeBaseDirectory: false);
        return stream.ToArray();
    }

    private static byte[] Zip((string Name, string Content) entry)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var content = zip.CreateEntry(entry.Name).Open();
            content.Write(Encoding.UTF8.GetBytes(entry.Content));
        }
        return stream.ToArray();
    }

    [GeneratedRegex(@"columns: \{[^}]*\}")]
    private static partial Regex SourceColumns();
}
