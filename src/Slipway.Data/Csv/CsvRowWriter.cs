using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Data.Csv;

/// <summary>
/// Writes rows as CSV records ended by LF: numbers as the shortest text that reads back the same, quotes only where RFC 4180 or
/// the difference between an empty text and a missing value asks for them.
/// </summary>
/// <param name="missing">What a cell without a value holds.</param>
public sealed class CsvRowWriter(IBufferWriter<byte> output, char delimiter = ',', string missing = "")
{
    private const int LongestNumber = 32;

    private readonly byte[] _missing = Encoding.UTF8.GetBytes(missing);
    private readonly byte _delimiter = CsvDialect.Of(delimiter).Delimiter;
    private readonly SearchValues<byte> _quoted = SearchValues.Create([CsvDialect.Of(delimiter).Delimiter, (byte)'"', (byte)'\n', (byte)'\r']);

    public void WriteHeader(IEnumerable<string> names)
    {
        var first = true;
        foreach (var name in names)
        {
            if (!first) Put(_delimiter);
            first = false;
            WriteText(Encoding.UTF8.GetBytes(name));
        }
        Put((byte)'\n');
    }

    public void WriteRow(Batch batch, ReadOnlySpan<FlatColumn> columns, int row)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (i > 0) Put(_delimiter);
            var column = columns[i];
            var tensor = batch[column.Tensor];
            var at = column.At(row);
            if (tensor.IsMissing(at)) output.Write(_missing);
            else if (column.Type == ElementType.Bytes) WriteText(tensor.GetBytes(at));
            else WriteNumber(tensor, at);
        }
        Put((byte)'\n');
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        if (!NeedsQuotes(text))
        {
            output.Write(text);
            return;
        }
        Put((byte)'"');
        while (text.IndexOf((byte)'"') is var quote and >= 0)
        {
            output.Write(text[..(quote + 1)]);
            Put((byte)'"');
            text = text[(quote + 1)..];
        }
        output.Write(text);
        Put((byte)'"');
    }

    /// <summary>Besides what RFC 4180 demands: what a reader would take for a missing value, trim, or take for a byte order mark.</summary>
    private bool NeedsQuotes(ReadOnlySpan<byte> text) =>
        text.IsEmpty || text[0] is (byte)' ' or (byte)'\t' or 0xEF || text[^1] is (byte)' ' or (byte)'\t' || text.ContainsAny(_quoted);

    private void WriteNumber(Tensor tensor, int at)
    {
        var room = output.GetSpan(LongestNumber);
        int written;
        switch (tensor.Type)
        {
            case ElementType.Float64: tensor.Values<double>()[at].TryFormat(room, out written, default, CultureInfo.InvariantCulture); break;
            case ElementType.Float32: tensor.Values<float>()[at].TryFormat(room, out written, default, CultureInfo.InvariantCulture); break;
            case ElementType.Float16: tensor.Values<Half>()[at].TryFormat(room, out written, default, CultureInfo.InvariantCulture); break;
            case ElementType.Int64: Utf8Formatter.TryFormat(tensor.Values<long>()[at], room, out written); break;
            case ElementType.UInt64: Utf8Formatter.TryFormat(tensor.Values<ulong>()[at], room, out written); break;
            case ElementType.Bool: written = Copy(tensor.RawData[at] != 0 ? "true"u8 : "false"u8, room); break;
            case ElementType.BFloat16: ((float)tensor.NumberAt(at)).TryFormat(room, out written, default, CultureInfo.InvariantCulture); break;
            default: Utf8Formatter.TryFormat((long)tensor.NumberAt(at), room, out written); break;
        }
        output.Advance(written);
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> room)
    {
        text.CopyTo(room);
        return text.Length;
    }

    private void Put(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
