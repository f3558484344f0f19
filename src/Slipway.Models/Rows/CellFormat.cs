using System.Text;

namespace Slipway.Models.Rows;

/// <summary>How texts and cells of a field become each other.</summary>
/// <param name="Type">What the cells mean.</param>
/// <param name="Name">What people call the type, for messages.</param>
/// <param name="Origin">
/// For counts of days or seconds since a date (<see cref="CellType.Integer"/>): that date in days since 1970-01-01; the text may then be a date or a moment.
/// </param>
internal sealed record CellFormat(CellType Type, string Name, int? Origin = null)
{
    private const int SecondsPerDay = 86400;

    /// <summary>2⁶³: answers are 64-bit integers.</summary>
    private const double MaxWhole = 9_223_372_036_854_775_808;

    public static CellFormat Text { get; } = new(CellType.Text, "string");

    public static CellFormat Integer { get; } = new(CellType.Integer, "integer");

    public static CellFormat Float64 { get; } = new(CellType.Float64, "double");

    /// <summary>Counts seconds rather than days.</summary>
    public bool CountsSeconds { get; init; }

    /// <returns>The cell, or <see cref="Cell.Invalid"/> when the text is not of this type.</returns>
    public double Parse(ReadOnlySpan<char> text, RowTexts texts) =>
        Type == CellType.Text ? texts.Intern(text) : Parse(text);

    /// <summary>For every type but text.</summary>
    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, RowTexts)"/>
    public double Parse(ReadOnlySpan<char> text)
    {
        switch (Type)
        {
            case CellType.Integer when Origin is { } origin: return ParseCount(text, origin);
            case CellType.Integer: return NumberText.TryParse(text, out double whole) ? Whole(whole) : ParseWord(text);
            case CellType.Float32: return NumberText.TryParse(text, out float single) ? single : ParseWord(text);
            case CellType.Float64: return NumberText.TryParse(text, out double number) ? number : ParseWord(text);
            case CellType.Boolean: return text is "1" or "1.0" ? Cell.True : text is "0" or "0.0" ? Cell.False : ParseWord(text);
            case CellType.Date: return TemporalText.TryParseDate(text, out var date) ? date : Cell.Invalid;
            case CellType.Time: return TemporalText.TryParseTime(text, out var time) ? time : Cell.Invalid;
            case CellType.DateTime: return TemporalText.TryParseDateTime(text, out var moment) ? moment : Cell.Invalid;
            default: throw new InvalidOperationException($"text of type {Type} needs a symbol");
        }
    }

    /// <summary>For every type but text.</summary>
    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, RowTexts)"/>
    public double Parse(ReadOnlySpan<byte> utf8)
    {
        if (Type == CellType.Float64 && NumberText.TryParse(utf8, out double number)) return number;
        const int onStack = 128;
        if (utf8.Length > onStack) return Parse(Encoding.UTF8.GetString(utf8).AsSpan());
        Span<char> text = stackalloc char[onStack];
        return Parse(text[..Encoding.UTF8.GetChars(utf8, text)]);
    }

    /// <returns>The cell of a number in a field of this type, or <see cref="Cell.Invalid"/>.</returns>
    public double FromNumber(double number, RowTexts texts) => Type switch
    {
        CellType.Integer => Whole(number),
        CellType.Float32 => (float)number,
        CellType.Text => InternNumber(number, texts),
        CellType.Boolean => number is 0 or 1 ? number : Cell.Invalid,
        _ => number,
    };

    /// <summary>Infinity is not whole; beyond 2⁵³ numbers are the nearest that a cell holds.</summary>
    private static double Whole(double number) => Math.Truncate(number) == number && Math.Abs(number) < MaxWhole ? number : Cell.Invalid;

    /// <summary>A whole number as text has no point: columns of codes arrive as numbers.</summary>
    private static double InternNumber(double number, RowTexts texts)
    {
        Span<char> text = stackalloc char[ValueText.MaximumLength];
        var type = Math.Truncate(number) == number ? CellType.Integer : CellType.Float64;
        return texts.Intern(text[..ValueText.Write(number, type, text)]);
    }

    /// <summary>The text of a cell that is not missing.</summary>
    public string Print(double cell, RowTexts texts)
    {
        if (Type == CellType.Text) return texts[cell];
        Span<char> text = stackalloc char[ValueText.MaximumLength];
        return text[..ValueText.Write(cell, Type, text)].ToString();
    }

    private double ParseCount(ReadOnlySpan<char> text, int origin)
    {
        if (NumberText.TryParse(text, out double count) && Math.Truncate(count) == count) return count;
        if (!CountsSeconds) return TemporalText.TryParseDate(text, out var date) ? date - origin : Cell.Invalid;
        if (TemporalText.TryParseDateTime(text, out var moment)) return moment - ((double)origin * SecondsPerDay);
        return TemporalText.TryParseTime(text, out var time) ? time : Cell.Invalid;
    }

    /// <summary>True and false as words are 1 and 0, in number fields, too.</summary>
    private static double ParseWord(ReadOnlySpan<char> text) =>
        text.Equals("true", StringComparison.OrdinalIgnoreCase) ? Cell.True
        : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? Cell.False
        : Cell.Invalid;
}
