using System.Text.RegularExpressions;

namespace Slipway.Tests.Models.XGBoost;

/// <summary>A CSV file of the corpus, with its header; quoted cells without their quotes.</summary>
internal sealed partial record CorpusTable(List<string> Header, List<string[]> Rows)
{
    public static CorpusTable Read(string path)
    {
        var lines = File.ReadAllLines(path);
        return new CorpusTable([.. Cells(lines[0])], [.. lines.Skip(1).Select(Cells)]);
    }

    private static string[] Cells(string line) => [.. CellPattern().Matches(line).Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value)];

    [GeneratedRegex("(?:^|,)(?:\"([^\"]*)\"|([^,]*))")]
    private static partial Regex CellPattern();
}
