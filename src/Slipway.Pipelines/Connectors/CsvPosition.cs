using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Core;

namespace Slipway.Pipelines.Connectors;

/// <summary>How far a file is read.</summary>
/// <param name="Offset">The byte after the last record taken.</param>
/// <param name="Print">Fingerprint of what was read: the file is the same one only while its beginning still has it.</param>
/// <param name="File">Who the file is, whatever its name (see <see cref="FileIdentity"/>).</param>
internal sealed record CsvMark(long Offset, string Print, string? File = null)
{
    private const int Window = 1024;

    /// <summary>
    /// SHA-256, shortened, over the first and the last KiB before <paramref name="offset"/>; null when the file is shorter. It tells a new file of the same name
    /// from the old one, and takes a file that is written anew with more rows at its end for the same one.
    /// </summary>
    public static string? Fingerprint(FileStream file, long offset)
    {
        Span<byte> bytes = stackalloc byte[2 * Window];
        var head = (int)Math.Min(Window, offset);
        var tail = (int)Math.Min(Window, offset);
        if (!Fill(file, bytes[..head], 0) || !Fill(file, bytes.Slice(head, tail), offset - tail)) return null;
        return Convert.ToHexStringLower(SHA256.HashData(bytes[..(head + tail)]).AsSpan(0, 8));
    }

    private static bool Fill(FileStream file, Span<byte> bytes, long at)
    {
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(file.SafeFileHandle, bytes, at);
            if (read == 0) return false;
            bytes = bytes[read..];
            at += read;
        }
        return true;
    }
}

/// <summary>The files before the ones that are remembered one by one: read to their end, and not looked at any more.</summary>
/// <param name="Through">The last of their names.</param>
/// <param name="Files">How many of them were there, and</param>
/// <param name="Bytes">how long they were together: if either grows, something came too late.</param>
internal sealed record CsvClosed(string Through, int Files, long Bytes);

/// <summary>What of a csv source was acted on: a mark per file, of the <see cref="OpenFiles"/> last ones at most.</summary>
internal sealed record CsvPosition(ImmutableSortedDictionary<string, CsvMark> Files, CsvClosed? Closed = null)
{
    /// <summary>Files remembered one by one, so that a position stays small however many files pass.</summary>
    public const int OpenFiles = 256;

    public static CsvPosition Start { get; } = new(ImmutableSortedDictionary.Create<string, CsvMark>(StringComparer.Ordinal));

    /// <exception cref="SlipwayException">The text is no position of a csv source.</exception>
    public static CsvPosition Parse(string? json)
    {
        if (json is null) return Start;
        try
        {
            var position = JsonSerializer.Deserialize(json, PositionJson.Default.CsvPosition);
            if (position is not null && position.Files.Values.All(mark => mark is { Offset: > 0 }))
            {
                return position with { Files = position.Files.WithComparers(StringComparer.Ordinal) };
            }
        }
        catch (JsonException)
        {
            // Answered below, as for JSON of another shape.
        }
        throw new SlipwayException($"the remembered position is not one of a csv source: {json}");
    }

    public bool IsClosed(string name) => Closed is not null && string.CompareOrdinal(name, Closed.Through) <= 0;

    public override string ToString() => JsonSerializer.Serialize(this, PositionJson.Default.CsvPosition);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CsvPosition))]
[JsonSerializable(typeof(TablePosition))]
internal sealed partial class PositionJson : JsonSerializerContext;
