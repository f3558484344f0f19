using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Tests;

namespace Slipway.EndToEnd.Serving;

/// <summary>Models whose inputs are columns of numbers and of texts: pushed with recorded rows, served, asked by JSON, by a file and by a use case.</summary>
public sealed partial class TextColumnTests : IDisposable
{
    private const double Tolerance = 1e-9;

    private readonly TemporaryFolder _folder = new();
    private readonly Cli _cli;

    public TextColumnTests() => _cli = new Cli(_folder.Path);

    [Fact]
    public async Task Package_with_recorded_texts_is_verified_served_and_asked_by_JSON()
    {
        var rows = CatBoostRows();
        Directory.CreateDirectory(_folder["package", "recorded"]);
        File.Copy(CatBoostPath("categories.cbm"), _folder["package", "model.cbm"]);
        _folder.Write("package/recorded/rows.json", new JsonObject { ["inputs"] = Tensors(rows), ["outputs"] = Answers(rows) }.ToJsonString());
        Assert.Contains($"{rows.Length} rows", await _cli.OkAsync("verify", "package"));
        await _cli.OkAsync("push", "risk", "package", "--alias", "champion");

        await using var server = await Server.ServeAsync(_folder["data"]);
        var metadata = await server.GetAsync("/v2/models/risk");
        Assert.Equal(
            ["0 FP64", "n1 FP64", "c2 BYTES", "c3 BYTES", "n4 FP64", "5 FP64", "c6 BYTES"],
            metadata.GetProperty("inputs").EnumerateArray().Select(i => $"{i.GetProperty("name")} {i.GetProperty("datatype")}"));

        var answer = await AskAsync(server, "risk", Tensors(rows[2..3]));
        Assert.Equal(rows[2].Label, Output(answer, "label")[0].GetString());
        Assert.Equal(rows[2].Probability, Output(answer, "probability")[1].GetDouble(), Tolerance);

        Assert.Contains("'c22' is not an input", await RefusalAsync(server, "risk", Renamed(Tensors(rows[2..3]), "c2", "c22")));
        Assert.Contains("n1", await RefusalAsync(server, "risk", Replaced(Tensors(rows[2..3]), "n1", "BYTES", "many")));
    }

    [Fact]
    public async Task Category_that_was_never_seen_and_column_that_is_left_out_are_answered()
    {
        var rows = CatBoostRows();
        await _cli.OkAsync("push", "risk", CatBoostPath("categories.cbm"), "--alias", "champion");
        await using var server = await Server.ServeAsync(_folder["data"]);
        var row = Tensors(rows[2..3]);
        var unseen = await AskAsync(server, "risk", Replaced(row, "c2", "BYTES", "a colour that no row had"));
        var other = await AskAsync(server, "risk", Replaced(row, "c2", "BYTES", "another that no row had"));
        Assert.Equal(Output(unseen, "probability").ToString(), Output(other, "probability").ToString());

        var without = await AskAsync(server, "risk", new JsonArray([.. row.Where(t => (string)t!["name"]! != "c2").Select(t => t!.DeepClone())]));
        var missing = await AskAsync(server, "risk", Replaced(row, "c2", "BYTES", null));
        Assert.Equal(Output(missing, "probability").ToString(), Output(without, "probability").ToString());
    }

    [Theory]
    [InlineData("jpmml-lightgbm/ClassificationAuditNA/ClassificationAuditNA.txt", "AuditNA.csv", "expected/ClassificationAuditNA.csv", "prediction", "probability(1)")]
    [InlineData("jpmml-h2o/DecisionTreeAuditNA/DecisionTreeAuditNA.zip", "AuditNA.csv", "expected/DecisionTreeAuditNA.csv", "1", "probability(1)")]
    [InlineData("jpmml-xgboost/BinomialClassificationAuditNA/BinomialClassificationAuditNA.ubj", "AuditNA.csv", "expected/BinomialClassificationAuditNA.csv", "prediction", "probability(1)")]
    public async Task Models_of_other_projects_answer_files_requests_and_use_cases_alike(string file, string rows, string expected, string output, string owner)
    {
        const int Asked = 3;
        var model = Path.Combine(Corpora.Find("trees"), file);
        var folder = Path.GetDirectoryName(model)!;
        await _cli.OkAsync("push", "audit", model, "--alias", "champion");
        await _cli.OkAsync("score", "--model", "audit@champion", "--input", Path.Combine(folder, rows), "--output", "answers.csv", "--missing", "N/A,NA");
        var answers = Column(_folder["answers.csv"], output);
        var wanted = Column(Path.Combine(folder, expected), owner);
        Assert.Equal(wanted.Length, answers.Length);
        for (var i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], answers[i], 1e-6);

        Directory.CreateDirectory(_folder["rows"]);
        await File.WriteAllLinesAsync(_folder["rows", "audit.csv"], File.ReadLines(Path.Combine(folder, rows)).Take(1 + Asked).Select(line => Missing().Replace(line, "")));
        _folder.Write("use-case.yaml", "use-case: audits\nsource:\n  csv: { path: \"rows/*.csv\" }\ntrigger: on-arrival\nmodel: audit@champion\nact:\n  - csv: { path: scored.csv }\n");
        Assert.Contains($"{Asked} rows read, {Asked} acted on, 0 in quarantine", await _cli.OkAsync("run", "use-case.yaml"));
        Assert.Equal(answers[..Asked], Column(_folder["scored.csv"], output));

        await using var server = await Server.ServeAsync(_folder["data"]);
        var metadata = await server.GetAsync("/v2/models/audit");
        var cells = Cells(_folder["rows", "audit.csv"]);
        var row = new JsonArray([.. metadata.GetProperty("inputs").EnumerateArray().Select(input => Tensor(
            input.GetProperty("name").GetString()!, input.GetProperty("datatype").GetString()!, cells[1][Array.IndexOf(cells[0], input.GetProperty("name").GetString()!)]))]);
        var answer = Output(await AskAsync(server, "audit", row), output == "prediction" ? output : "probability");
        Assert.Equal(answers[0], answer[answer.GetArrayLength() - 1].GetDouble());
    }

    public void Dispose() => _folder.Dispose();

    private sealed record Row(string[] Names, string[] Cells, double Probability, string Label);

    private static string CatBoostPath(string file) => Repository.PathOf("tests", "Slipway.Tests", "Models", "CatBoost", "golden", file);

    private static Row[] CatBoostRows()
    {
        var inputs = Cells(CatBoostPath("categories.input.csv"));
        var answers = Cells(CatBoostPath("categories.expected.csv"));
        return
        [
            .. inputs[1..].Zip(answers[1..], (cells, answer) => new Row(inputs[0], cells, double.Parse(answer[2].Split(' ')[1], CultureInfo.InvariantCulture), answer[3]))
                .Where(row => !row.Cells.Any(cell => cell.Contains("inf", StringComparison.OrdinalIgnoreCase) || cell.Contains('∞'))), // JSON has no infinity.
        ];
    }

    /// <summary>Columns called c… are texts; an empty text is a category of its own.</summary>
    private static JsonArray Tensors(Row[] rows) => new([.. rows[0].Names.Select((name, c) => (JsonNode)new JsonObject
    {
        ["name"] = name,
        ["shape"] = new JsonArray(rows.Length),
        ["datatype"] = name[0] == 'c' ? "BYTES" : "FP64",
        ["data"] = new JsonArray([.. rows.Select(row => name[0] == 'c' ? (JsonNode)row.Cells[c] : Number(row.Cells[c]))]),
    })]);

    private static JsonArray Answers(Row[] rows) => new(
        new JsonObject { ["name"] = "label", ["shape"] = new JsonArray(rows.Length), ["datatype"] = "BYTES", ["data"] = new JsonArray([.. rows.Select(row => (JsonNode)row.Label)]) },
        new JsonObject { ["name"] = "probability", ["shape"] = new JsonArray(rows.Length, 2), ["datatype"] = "FP64", ["data"] = new JsonArray([.. rows.SelectMany(row => new JsonNode[] { 1 - row.Probability, row.Probability })]) });

    private static JsonObject Tensor(string name, string type, string? cell) => new()
    {
        ["name"] = name,
        ["shape"] = new JsonArray(1),
        ["datatype"] = type,
        ["data"] = new JsonArray(string.IsNullOrEmpty(cell) ? null : type == "BYTES" ? (JsonNode)cell : Number(cell)),
    };

    private static JsonNode? Number(string cell) => cell.Length == 0 ? null : double.Parse(cell, CultureInfo.InvariantCulture);

    private static JsonArray Renamed(JsonArray tensors, string from, string to)
    {
        tensors.Single(t => (string)t!["name"]! == from)!["name"] = to;
        return tensors;
    }

    private static JsonArray Replaced(JsonArray tensors, string name, string type, string? value) =>
        new([.. tensors.Select(t => (string)t!["name"]! == name ? Tensor(name, type, value) : t.DeepClone())]);

    private static async Task<JsonElement> AskAsync(Server server, string model, JsonArray inputs)
    {
        using var response = await server.SendAsync(HttpMethod.Post, $"/v2/models/{model}/infer", new JsonObject { ["inputs"] = inputs.DeepClone() }.ToJsonString());
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {text}\n{server.Transcript}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<string> RefusalAsync(Server server, string model, JsonArray inputs)
    {
        using var response = await server.SendAsync(HttpMethod.Post, $"/v2/models/{model}/infer", new JsonObject { ["inputs"] = inputs.DeepClone() }.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error").GetString()!;
    }

    private static JsonElement Output(JsonElement answer, string name) =>
        answer.GetProperty("outputs").EnumerateArray().Single(o => o.GetProperty("name").GetString() == name).GetProperty("data");

    [System.Text.RegularExpressions.GeneratedRegex(@"(?<=^|,)N/?A(?=,|$)")]
    private static partial System.Text.RegularExpressions.Regex Missing();

    private static string[][] Cells(string path) => [.. File.ReadLines(path).Select(line => line.Split(','))];

    private static double[] Column(string path, string name)
    {
        var cells = Cells(path);
        var column = Array.IndexOf(cells[0], name);
        Assert.True(column >= 0, $"{path} has no column {name}: {string.Join(", ", cells[0])}");
        return [.. cells[1..].Select(row => double.Parse(row[column], CultureInfo.InvariantCulture))];
    }
}
