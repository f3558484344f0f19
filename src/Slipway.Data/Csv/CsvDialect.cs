using Slipway.Core;

namespace Slipway.Data.Csv;

/// <summary>The few things in which CSV files differ. The rest is RFC 4180: quotes, doubled quotes, line ends inside quotes; LF or CRLF.</summary>
/// <param name="Delimiter">One ASCII character that is neither a quote nor a line end.</param>
/// <param name="MaxRecord">Bytes of the longest record that is read; a longer one is a fault.</param>
public sealed record CsvDialect(byte Delimiter = (byte)',', int MaxRecord = CsvDialect.DefaultMaxRecord)
{
    public const int DefaultMaxRecord = 1 << 20;

    public static CsvDialect Default { get; } = new();

    /// <exception cref="SlipwayException">The character cannot delimit fields.</exception>
    public static CsvDialect Of(char delimiter) => delimiter is > '\0' and < (char)128 and not ('"' or '\n' or '\r')
        ? delimiter == ',' ? Default : new CsvDialect((byte)delimiter)
        : throw new SlipwayException($"'{delimiter}' cannot delimit CSV fields: one ASCII character expected that is neither a quote nor a line end");
}
