using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Slipway.EndToEnd.Harness;

/// <summary>The recorded rows of an example's package: what the lab gave the model, and what the model answered there.</summary>
internal sealed class RecordedRows
{
    private readonly string[] _columns;
    private readonly string[][] _cells;

    private RecordedRows(string[] columns, string[][] cells, float[] predictions) => (_columns, _cells, Predictions) = (columns, cells, predictions);

    public float[] Predictions { get; }

    public static RecordedRows Of(string example)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Package(example), "recorded", "holdout.json")));
        var inputs = document.RootElement.GetProperty("inputs").EnumerateArray().ToArray();
        return new RecordedRows(
            [.. inputs.Select(i => i.GetProperty("name").GetString()!)],
            [.. inputs.Select(i => i.GetProperty("data").EnumerateArray().Select(v => v.GetRawText()).ToArray())],
            [.. document.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(v => v.GetSingle())]);
    }

    public string ToCsv()
    {
        var text = new StringBuilder().AppendJoin(',', _columns).Append('\n');
        for (var row = 0; row < Predictions.Length; row++) text.AppendJoin(',', _cells.Select(column => column[row])).Append('\n');
        return text.ToString();
    }

    public string PredictionsToCsv() => "prediction\n" + string.Concat(Predictions.Select(p => p.ToString(CultureInfo.InvariantCulture) + "\n"));
}
