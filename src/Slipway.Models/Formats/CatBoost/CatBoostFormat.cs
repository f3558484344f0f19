using Slipway.Models.Trees;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>CatBoost models as <c>save_model</c> writes them: <c>cbm</c>, and its JSON dump.</summary>
internal sealed class CatBoostFormat : ITreeFormat
{
    private readonly bool _json;

    private CatBoostFormat(string name, bool json) => (Name, _json) = (name, json);

    public static CatBoostFormat Binary { get; } = new("catboost-cbm", json: false);

    public static CatBoostFormat Json { get; } = new("catboost-json", json: true);

    public string Name { get; }

    public bool Matches(string fileName, ReadOnlySpan<byte> head)
    {
        if (!_json) return head.StartsWith(CatBoostBinaryReader.Magic);
        head = WithoutMark(head).TrimStart(" \t\r\n"u8);
        if (head is not [(byte)'{', ..]) return false;
        var key = head[1..].TrimStart(" \t\r\n"u8);
        // Keys are sorted or not, after the version; the first is one of these. Some of them other libraries may use, too.
        return key.StartsWith("\"oblivious_trees\""u8) || key.StartsWith("\"features_info\""u8) || key.StartsWith("\"ctr_data\""u8)
            || ((key.StartsWith("\"model_info\""u8) || key.StartsWith("\"scale_and_bias\""u8) || key.StartsWith("\"trees\""u8))
                && (head.IndexOf("\"catboost_version_info\""u8) >= 0 || head.IndexOf("\"oblivious_trees\""u8) >= 0 || head.IndexOf("\"features_info\""u8) >= 0 || head.IndexOf("\"split_index\""u8) >= 0));
    }

    public TreeModelDefinition Read(ReadOnlySpan<byte> file) =>
        CatBoostImport.Import(_json ? CatBoostJsonReader.Read(WithoutMark(file)) : CatBoostBinaryReader.Read(file));

    public TreeModelDefinition ReadForScores(ReadOnlySpan<byte> file) => _json ? Read(file) : CatBoostImport.Import(CatBoostBinaryReader.Read(file, hasWeights: false));

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
}
