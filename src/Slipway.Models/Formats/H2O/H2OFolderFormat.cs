using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.H2O;

/// <summary>A MOJO that lies unpacked in a folder; its file is <c>model.ini</c>, the rest is found beside it.</summary>
internal sealed class H2OFolderFormat : ITreeFormat
{
    public string Name => "h2o-mojo-folder";

    public bool Matches(string fileName, ReadOnlySpan<byte> head) => fileName == "model.ini" && head.TrimStart(" \t\r\n"u8).StartsWith("[info]"u8);

    public TreeModelDefinition Read(ReadOnlySpan<byte> file) => throw new ModelException("model.ini alone is no model: the files of the folder that it was unpacked to are needed");

    public bool IsOneFile => false;

    public TreeModelDefinition? ReadInPlace(string path, bool forScores)
    {
        using var archive = new MojoArchive(new FolderEntries(Path.GetDirectoryName(Path.GetFullPath(path))!), hasStatistics: !forScores);
        return MojoImport.Import(MojoReader.Read(archive));
    }
}
