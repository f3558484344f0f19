using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Data.Csv;

/// <summary>What is wrong with a CSV record as text.</summary>
public enum CsvDefect
{
    None,
    /// <summary>A quoted field is still open at the end of the input.</summary>
    UnclosedQuote,
    /// <summary>A quoted field goes on after its closing quote.</summary>
    TextAfterQuote,
    /// <summary>The record does not end within <see cref="CsvDialect.MaxRecord"/> bytes.</summary>
    TooLong,
    /// <summary>The record is not valid UTF-8.</summary>
    InvalidUtf8,
}

/// <summary>Where a field lies in the record's bytes, without its quotes.</summary>
/// <param name="Quoted">It stood in quotes, so that an empty one is text and not a missing value.</param>
/// <param name="Escaped">It holds doubled quotes.</param>
public readonly record struct CsvField(int Start, int Length, bool Quoted, bool Escaped);

/// <summary>
/// Splits bytes into CSV records and fields (RFC 4180). A quote inside a field that does not start with one is an ordinary character.
/// A record whose quote is never closed ends with its first line, so that one stray quote costs one line and not the rest of the file.
/// </summary>
public sealed class CsvTokenizer(CsvDialect dialect)
{
    private const byte Quote = (byte)'"';
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private readonly byte _delimiter = dialect.Delimiter;
    private CsvField[] _fields = new CsvField[16];
    private int _count;

    public ReadOnlySpan<CsvField> Fields => _fields.AsSpan(0, _count);

    /// <summary>Bytes of the record without its line end.</summary>
    public int ContentLength { get; private set; }

    public CsvDefect Defect { get; private set; }

    /// <summary>Splits off the first record of <paramref name="data"/>.</summary>
    /// <param name="final">Nothing follows <paramref name="data"/>: a record without line end is complete.</param>
    /// <returns>Bytes of the record with its line end; 0 when more data is needed (or none is there).</returns>
    public int Read(ReadOnlySpan<byte> data, bool final)
    {
        _count = 0;
        Defect = CsvDefect.None;
        if (data.IsEmpty) return 0;
        var length = ReadPlain(data);
        if (length < 0) length = ReadAny(data, final);
        return length;
    }

    /// <summary>Ends the record with its first line and marks it as defect. For a record too long to be held.</summary>
    /// <returns>As <see cref="Read"/>; 0 when the first line does not end within <paramref name="data"/>.</returns>
    public int Abandon(ReadOnlySpan<byte> data, CsvDefect defect)
    {
        Defect = defect;
        _count = 0;
        var end = data.IndexOf(LineFeed);
        ContentLength = WithoutCarriageReturn(data, end < 0 ? data.Length : end);
        return end + 1;
    }

    /// <summary>The fast path: a record in which no field starts with a quote and which ends within the data. -1 when it is not one.</summary>
    private int ReadPlain(ReadOnlySpan<byte> data)
    {
        var fieldStart = 0;
        var offset = 0;
        ref var first = ref MemoryMarshal.GetReference(data);
        var delimiters = Vector256.Create(_delimiter);
        for (; offset <= data.Length - Vector256<byte>.Count; offset += Vector256<byte>.Count)
        {
            var block = Vector256.LoadUnsafe(ref first, (nuint)offset);
            var marks = (Vector256.Equals(block, delimiters) | Vector256.Equals(block, Vector256.Create(LineFeed)) | Vector256.Equals(block, Vector256.Create(Quote))).ExtractMostSignificantBits();
            while (marks != 0)
            {
                var at = offset + BitOperations.TrailingZeroCount(marks);
                marks &= marks - 1;
                var mark = data[at];
                if (mark == _delimiter)
                {
                    Add(new CsvField(fieldStart, at - fieldStart, false, false));
                    fieldStart = at + 1;
                }
                else if (mark == LineFeed)
                {
                    return EndLine(data, fieldStart, at);
                }
                else if (at == fieldStart)
                {
                    return -1;
                }
            }
        }
        for (; offset < data.Length; offset++)
        {
            var mark = data[offset];
            if (mark == _delimiter)
            {
                Add(new CsvField(fieldStart, offset - fieldStart, false, false));
                fieldStart = offset + 1;
            }
            else if (mark == LineFeed)
            {
                return EndLine(data, fieldStart, offset);
            }
            else if (mark == Quote && offset == fieldStart)
            {
                return -1;
            }
        }
        return -1;
    }

    private int ReadAny(ReadOnlySpan<byte> data, bool final)
    {
        _count = 0;
        var position = 0;
        while (true)
        {
            if (position < data.Length && data[position] == Quote)
            {
                var start = ++position;
                var escaped = false;
                while (true)
                {
                    var quote = data[position..].IndexOf(Quote);
                    if (quote < 0) return final ? Abandon(data, CsvDefect.UnclosedQuote) is var end and > 0 ? end : data.Length : 0;
                    position += quote + 1;
                    if (position == data.Length || data[position] != Quote) break;
                    escaped = true;
                    position++;
                }
                if (position == data.Length && !final) return 0;
                Add(new CsvField(start, position - 1 - start, true, escaped));
                var after = position < data.Length ? data[position] : LineFeed;
                if (after == _delimiter)
                {
                    position++;
                    continue;
                }
                if (after == CarriageReturn)
                {
                    if (position + 1 == data.Length && !final) return 0;
                    after = position + 1 < data.Length ? data[position + 1] : LineFeed;
                    if (after == LineFeed) return End(position, Math.Min(position + 2, data.Length));
                }
                else if (after == LineFeed)
                {
                    return End(position, Math.Min(position + 1, data.Length));
                }
                return EndTextAfterQuote(data, position, final);
            }
            var stop = data[position..].IndexOfAny(_delimiter, LineFeed);
            if (stop < 0)
            {
                if (!final) return 0;
                var end = WithoutCarriageReturn(data, data.Length);
                Add(new CsvField(position, Math.Max(0, end - position), false, false));
                return End(end, data.Length);
            }
            stop += position;
            if (data[stop] == LineFeed) return EndLine(data, position, stop);
            Add(new CsvField(position, stop - position, false, false));
            position = stop + 1;
        }
    }

    private int EndTextAfterQuote(ReadOnlySpan<byte> data, int position, bool final)
    {
        var end = data[position..].IndexOf(LineFeed);
        if (end < 0 && !final) return 0;
        Defect = CsvDefect.TextAfterQuote;
        return end < 0
            ? End(WithoutCarriageReturn(data, data.Length), data.Length)
            : End(WithoutCarriageReturn(data, position + end), position + end + 1);
    }

    private int EndLine(ReadOnlySpan<byte> data, int fieldStart, int lineFeed)
    {
        var end = Math.Max(fieldStart, WithoutCarriageReturn(data, lineFeed));
        Add(new CsvField(fieldStart, end - fieldStart, false, false));
        return End(end, lineFeed + 1);
    }

    private int End(int contentLength, int length)
    {
        ContentLength = contentLength;
        return length;
    }

    private void Add(CsvField field)
    {
        if (_count == _fields.Length) Array.Resize(ref _fields, _fields.Length * 2);
        _fields[_count++] = field;
    }

    private static int WithoutCarriageReturn(ReadOnlySpan<byte> data, int end) => end > 0 && data[end - 1] == CarriageReturn ? end - 1 : end;
}
