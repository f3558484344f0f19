using Slipway.Models.Trees;

namespace Slipway.Models.Formats.XGBoost;

/// <summary>
/// XGBoost's binary models: what <c>save_model</c> wrote to any name before 1.0, and to names without <c>.json</c> or <c>.ubj</c> up to 2.1;
/// also the booster inside H2O's archives. There is no magic number, so the header is recognised by its structure.
/// </summary>
internal sealed class XGBoostBinaryFormat : ITreeFormat
{
    public string Name => "xgboost-binary";

    /// <summary>Inside H2O's archives and the folders that they are unpacked to: a part, not a model.</summary>
    private const string PartOfMojo = "boosterBytes";

    public bool Matches(string fileName, ReadOnlySpan<byte> head) => fileName != PartOfMojo && XGBoostBinaryHeader.Find(head) is not null;

    public TreeModelDefinition Read(ReadOnlySpan<byte> file) => XGBoostImport.Import(XGBoostBinaryReader.Read(file));

    public TreeModelDefinition ReadForScores(ReadOnlySpan<byte> file) => XGBoostImport.Import(XGBoostBinaryReader.Read(file), hasStatistics: false);
}
