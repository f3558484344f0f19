using Slipway.Models.Trees;

namespace Slipway.Models.Formats.Treelite;

/// <summary>Treelite's checkpoints (<c>Model.serialize</c>) of 3.9 and 4.x. There is no magic number, so the header is recognised by its structure.</summary>
internal sealed class TreeliteFormat : ITreeFormat
{
    public string Name => "treelite";

    public bool Matches(string fileName, ReadOnlySpan<byte> head) => TreeliteHeader.Matches(head);

    public TreeModelDefinition Read(ReadOnlySpan<byte> file) => TreeliteImport.Import(TreeliteReader.Read(file));

    public TreeModelDefinition ReadForScores(ReadOnlySpan<byte> file) => TreeliteImport.Import(TreeliteReader.Read(file), hasStatistics: false);
}
