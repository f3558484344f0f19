using Slipway.Models.Trees;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>XGBoost models as <c>save_model</c> writes them since 1.0 (JSON) and 1.6 (UBJSON).</summary>
internal sealed class XGBoostFormat : ITreeFormat
{
    private readonly bool _json;

    private XGBoostFormat(string name, bool json) => (Name, _json) = (name, json);

    public static XGBoostFormat Json { get; } = new("xgboost-json", json: true);

    public static XGBoostFormat Ubj { get; } = new("xgboost-ubj", json: false);

    public string Name { get; }

    public bool Matches(string fileName, ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        head = head.TrimStart(" \t\r\n"u8);
        if (head.Length < 2 || head[0] != '{') return false;
        var isJson = head[1..].TrimStart(" \t\r\n"u8) is [(byte)'"', ..];
        // The first key is the learner, or in files of other writers the version.
        return isJson == _json && head.IndexOf(isJson ? "\"learner\""u8 : "learner"u8) >= 0;
    }

    public TreeModelDefinition Read(ReadOnlySpan<byte> file) => Read(file, hasStatistics: true);

    public TreeModelDefinition ReadForScores(ReadOnlySpan<byte> file) => Read(file, hasStatistics: false);

    private TreeModelDefinition Read(ReadOnlySpan<byte> file, bool hasStatistics)
    {
        if (_json)
        {
            var json = new JsonDocumentReader(file.StartsWith("\uFEFF"u8) ? file[3..] : file);
            return XGBoostImport.Import(XGBoostReader.Read(ref json), hasStatistics);
        }
        var ubj = new UbjDocumentReader(file);
        return XGBoostImport.Import(XGBoostReader.Read(ref ubj), hasStatistics);
    }
}
