using System.Globalization;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Estimators as <c>pickle.dump</c> and <c>joblib.dump</c> write them. Nothing of the file is executed: see <see cref="PickleMachine"/>.</summary>
internal sealed class SklearnPickleFormat : ITreeFormat
{
    private const int HeadLength = 256;

    public string Name => "sklearn-pickle";

    public bool Matches(string fileName, ReadOnlySpan<byte> head)
    {
        if (StartsPickle(head)) return true;
        if (CompressedFile.IsZlib(head) || CompressedFile.IsGzip(head)) return StartsPickle(CompressedFile.UnpackHead(head, stackalloc byte[HeadLength]));
        return CompressedFile.OtherPacking(head) is not null && Path.GetExtension(fileName) is ".joblib" or ".pkl" or ".pickle";
    }

    public TreeModelDefinition Read(ReadOnlySpan<byte> file) => Read(file.ToArray(), hasStatistics: true);

    /// <summary>Arrays stay where they stand in the file, which is to be in memory once.</summary>
    public TreeModelDefinition? ReadInPlace(string path, bool forScores) => Read(File.ReadAllBytes(path), hasStatistics: !forScores);

    private static TreeModelDefinition Read(byte[] file, bool hasStatistics)
    {
        if (CompressedFile.OtherPacking(file) is { } packing) throw new ModelException($"the file is packed with {packing}; zlib, gzip and unpacked files are read: dump it again with compress=('zlib', 3)") { IsUnsupported = true };
        var packed = CompressedFile.IsZlib(file) || CompressedFile.IsGzip(file);
        var content = packed ? CompressedFile.Unpack(file) : file;
        var (root, protocol) = PickleMachine.Read(content);
        return SklearnImport.Import(root, LibraryVersion.None, content.Length, $"pickle, protocol {protocol.ToString(CultureInfo.InvariantCulture)}{(packed ? ", packed" : "")}", hasStatistics);
    }

    /// <summary>By the opcode for the protocol, which protocol 2 and later begin with; before, by the name of a class and what can follow it.</summary>
    private static bool StartsPickle(ReadOnlySpan<byte> head)
    {
        // Not a pickle of PyTorch, which begins with a large integer.
        if (head is [0x80, >= 2 and <= 5, var opcode, ..]) return opcode != 0x8A;
        if (head is not [(byte)'c', ..]) return false;
        var rest = head[1..];
        return PassesName(ref rest) && PassesName(ref rest) && (rest is [(byte)'(' or (byte)'q' or (byte)')', ..] || (rest is [(byte)'p', >= (byte)'0' and <= (byte)'9', ..] && rest.IndexOf((byte)'\n') is > 0 and < 6));
    }

    private static bool PassesName(ref ReadOnlySpan<byte> head)
    {
        var length = head.IndexOf((byte)'\n');
        if (length <= 0) return false;
        foreach (var letter in head[..length])
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'_' or (byte)'.')) return false;
        }
        head = head[(length + 1)..];
        return true;
    }
}
