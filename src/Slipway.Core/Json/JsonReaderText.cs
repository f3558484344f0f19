using System.Text.Json;

namespace Slipway.Core;

/// <summary>Comparing tokens of untrusted JSON.</summary>
public static class JsonReaderText
{
    /// <summary>
    /// Whether the string or property name at the reader reads <paramref name="utf8"/>. As <see cref="Utf8JsonReader.ValueTextEquals(ReadOnlySpan{byte})"/>, but text
    /// that is not valid Unicode is simply different, where that throws.
    /// </summary>
    public static bool TextIs(this in Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        if (!reader.ValueIsEscaped && !reader.HasValueSequence) return reader.ValueSpan.SequenceEqual(utf8);
        try
        {
            return reader.ValueTextEquals(utf8);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
