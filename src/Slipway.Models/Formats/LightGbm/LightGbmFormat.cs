using Slipway.Models.Trees;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>LightGBM models as <c>save_model</c> writes them (text, v2 to v4) and as <c>dump_model</c> does (JSON).</summary>
internal sealed class LightGbmFormat : ITreeFormat
{
    private readonly bool _json;

    private LightGbmFormat(string name, bool json) => (Name, _json) = (name, json);

    public static LightGbmFormat Text { get; } = new("lightgbm-text", json: false);

    public static LightGbmFormat Json { get; } = new("lightgbm-json", json: true);

    public string Name { get; }

    public bool Matches(string fileName, ReadOnlySpan<byte> head)
    {
        head = WithoutMark(head).TrimStart(" \t\r\n"u8);
        if (!_json) return head.StartsWith("tree\n"u8) || head.StartsWith("tree\r\n"u8);
        return head is [(byte)'{', ..]
            && (head.IndexOf("\"num_tree_per_iteration\""u8) >= 0 || head.IndexOf("\"max_feature_idx\""u8) >= 0 || head.IndexOf("\"tree_info\""u8) >= 0);
    }

    public TreeModelDefinition Read(ReadOnlySpan<byte> file) => Read(file, hasStatistics: true);

    public TreeModelDefinition ReadForScores(ReadOnlySpan<byte> file) => Read(file, hasStatistics: false);

    private TreeModelDefinition Read(ReadOnlySpan<byte> file, bool hasStatistics) =>
        _json ? new LightGbmJsonReader(WithoutMark(file)).Read(hasStatistics) : new LightGbmTextReader(WithoutMark(file)).Read(hasStatistics);

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> file) => file.StartsWith("\uFEFF"u8) ? file[3..] : file;
}
