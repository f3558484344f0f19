using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Estimators as <c>docs/export/sklearn_to_json.py</c> writes them.</summary>
internal sealed class SklearnJsonFormat : ITreeFormat
{
    private const double Version = 1;

    public string Name => "sklearn-json";

    public bool Matches(string fileName, ReadOnlySpan<byte> head) => head is [(byte)'{', ..] && head[..Math.Min(head.Length, 64)].IndexOf("\"sklearn-json\""u8) >= 0;

    public TreeModelDefinition Read(ReadOnlySpan<byte> file) => Read(file, hasStatistics: true);

    public TreeModelDefinition ReadForScores(ReadOnlySpan<byte> file) => Read(file, hasStatistics: false);

    private static TreeModelDefinition Read(ReadOnlySpan<byte> file, bool hasStatistics)
    {
        var document = JsonDatumReader.Read(file, hasStatistics ? [] : SklearnTree.Statistics);
        if (document is not MapDatum map || map.Find("format"u8) is not TextDatum { Value: "sklearn-json" }) throw new ModelException("\"format\": \"sklearn-json\" expected");
        if (Labels.NumberOf(map.Find("version"u8)) is not Version) throw new ModelException($"version: {Version} expected, {map.Find("version"u8)?.Kind ?? "nothing"} found: this file was exported for another release");
        var library = map.Find("library"u8) is TextDatum text ? LibraryVersion.Parse(text.Value) : LibraryVersion.None;
        if (library == LibraryVersion.None) throw new ModelException("library: the version of scikit-learn expected");
        return SklearnImport.Import(map.Find("model"u8) ?? NoneDatum.Value, library, 2L * file.Length, "JSON", hasStatistics);
    }
}
