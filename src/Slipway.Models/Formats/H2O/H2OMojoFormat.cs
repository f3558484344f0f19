using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.H2O;

/// <summary>
/// H2O's MOJO archives (https://docs.h2o.ai/h2o/latest-stable/h2o-docs/mojo-quickstart.html): a zip with <c>model.ini</c>, the domains of categorical columns,
/// and what the algorithm adds, as trees. Predictions are those of H2O's own scorer (h2o-genmodel).
/// </summary>
internal sealed class H2OMojoFormat : ITreeFormat
{
    /// <summary>H2O writes the entries in no fixed order; the first is one of these, or lies in a folder of them.</summary>
    private static readonly byte[][] FirstEntries =
    [
        [.. "model.ini"u8], [.. "boosterBytes"u8], [.. "auxNodeWeights"u8], [.. "feature_map"u8], [.. "trees/"u8], [.. "domains/"u8], [.. "experimental/"u8],
        [.. "x_mean_"u8], [.. "vectors"u8], [.. "vocabulary"u8], [.. "archetypes"u8], [.. "losses"u8], [.. "eigenvectors_raw"u8], [.. "calib/"u8], [.. "feature_engineering/"u8],
    ];

    /// <summary>That are read at a time: about what a tree takes.</summary>
    private const int EntryBytes = 16 << 10;

    public string Name => "h2o-mojo";

    public bool Matches(string fileName, ReadOnlySpan<byte> head)
    {
        if (head.Length < 30 || !head.StartsWith("PK\u0003\u0004"u8)) return false;
        var name = head[30..];
        foreach (var first in FirstEntries)
        {
            if (name.StartsWith(first)) return true;
        }
        return false;
    }

    public TreeModelDefinition Read(ReadOnlySpan<byte> file) => Read(file, hasStatistics: true);

    public TreeModelDefinition ReadForScores(ReadOnlySpan<byte> file) => Read(file, hasStatistics: false);

    /// <summary>Most of an archive are statistics, which scores do not need: what is not asked for is not read.</summary>
    public TreeModelDefinition? ReadInPlace(string path, bool forScores)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, EntryBytes);
        return Read(file, hasStatistics: !forScores);
    }

    private static unsafe TreeModelDefinition Read(ReadOnlySpan<byte> file, bool hasStatistics)
    {
        if (file.IsEmpty) throw new ModelException("the file is empty");
        fixed (byte* start = file)
        {
            using var stream = new UnmanagedMemoryStream(start, file.Length);
            return Read(stream, hasStatistics);
        }
    }

    private static TreeModelDefinition Read(Stream file, bool hasStatistics)
    {
        using var archive = new MojoArchive(new ZipEntries(file), hasStatistics);
        return MojoImport.Import(MojoReader.Read(archive));
    }
}
