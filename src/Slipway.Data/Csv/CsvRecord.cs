using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Slipway.Data.Csv;

/// <summary>One CSV record, valid until the next one is read.</summary>
public readonly ref struct CsvRecord
{
    private const byte Quote = (byte)'"';

    private readonly ReadOnlySpan<CsvField> _fields;

    public CsvRecord(ReadOnlySpan<byte> content, ReadOnlySpan<CsvField> fields, CsvDefect defect)
    {
        Content = content;
        _fields = fields;
        Defect = defect == CsvDefect.None && !Utf8.IsValid(content) ? CsvDefect.InvalidUtf8 : defect;
    }

    /// <summary>The record's bytes without line end.</summary>
    public ReadOnlySpan<byte> Content { get; }

    public CsvDefect Defect { get; }

    public int FieldCount => _fields.Length;

    /// <summary>Nothing between two line ends.</summary>
    public bool IsBlank => Content.IsEmpty;

    public bool IsQuoted(int field) => _fields[field].Quoted;

    /// <summary>The field's bytes; doubled quotes are still doubled when <see cref="IsEscaped"/>.</summary>
    public ReadOnlySpan<byte> Field(int field) => Content.Slice(_fields[field].Start, _fields[field].Length);

    public bool IsEscaped(int field) => _fields[field].Escaped;

    /// <summary>Writes the field with its doubled quotes made single; returns the part of <paramref name="destination"/> that was written, which must be as long as the field.</summary>
    public ReadOnlySpan<byte> Unescape(int field, Span<byte> destination)
    {
        var rest = Field(field);
        var written = 0;
        while (true)
        {
            var quote = rest.IndexOf(Quote);
            if (quote < 0) break;
            rest[..(quote + 1)].CopyTo(destination[written..]);
            written += quote + 1;
            rest = rest[(quote + 2)..];
        }
        rest.CopyTo(destination[written..]);
        return destination[..(written + rest.Length)];
    }

    /// <summary>The field as text.</summary>
    public string Text(int field)
    {
        if (!IsEscaped(field)) return Encoding.UTF8.GetString(Field(field));
        var scratch = ArrayPool<byte>.Shared.Rent(Field(field).Length);
        var text = Encoding.UTF8.GetString(Unescape(field, scratch));
        ArrayPool<byte>.Shared.Return(scratch);
        return text;
    }

    /// <summary>
    /// The record as text. One that is not valid UTF-8 is read as Latin-1, which loses nothing and is what such files usually are;
    /// of one that is too long, the beginning.
    /// </summary>
    public string Raw() => Defect switch
    {
        CsvDefect.InvalidUtf8 => Encoding.Latin1.GetString(Content),
        CsvDefect.None => Encoding.UTF8.GetString(Content),
        CsvDefect.TooLong => Decode(Content[..Math.Min(Content.Length, CutAt)]) + Cut,
        _ => Decode(Content),
    };

    /// <summary>True for what <see cref="Raw"/> gives for a record that was too long: only its beginning, which must not be taken for a row.</summary>
    public static bool IsCut(string raw) => raw.EndsWith(Cut, StringComparison.Ordinal);

    private const int CutAt = 4096;

    private const string Cut = "… (cut)";

    private static string Decode(ReadOnlySpan<byte> bytes) => (Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes);
}
