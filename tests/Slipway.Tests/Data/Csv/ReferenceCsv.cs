using System.Text;

namespace Slipway.Tests.Data.Csv;

/// <summary>CSV written down one character after the other, with nothing in it to be fast: what the real tokenizer must agree with.</summary>
internal static class ReferenceCsv
{
    /// <summary>Each record's fields; null for a record that is broken. Quoted fields are marked with a leading ".</summary>
    public static List<List<string>?> Records(byte[] bytes, char delimiter)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var records = new List<List<string>?>();
        for (var start = 0; start < text.Length;) records.Add(Record(text, ref start, delimiter));
        return records;
    }

    private static List<string>? Record(string text, ref int start, char delimiter)
    {
        var fields = new List<string>();
        var i = start;
        while (true)
        {
            var field = new StringBuilder();
            if (i < text.Length && text[i] == '"')
            {
                field.Append('"');
                for (i++; ; i++)
                {
                    if (i == text.Length)
                    {
                        // Never closed: the record is its first line.
                        start = EndOfLine(text, start);
                        return null;
                    }
                    if (text[i] != '"') field.Append(text[i]);
                    else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[i++]);
                    else break;
                }
                i++;
                if (i < text.Length && text[i] == '\r' && (i + 1 == text.Length || text[i + 1] == '\n')) i++;
                if (i < text.Length && text[i] != '\n' && text[i] != delimiter)
                {
                    start = EndOfLine(text, i);
                    return null;
                }
            }
            else
            {
                while (i < text.Length && text[i] != delimiter && text[i] != '\n') field.Append(text[i++]);
                var isLast = i == text.Length || text[i] == '\n';
                if (isLast && field.Length > 0 && field[^1] == '\r') field.Length--;
            }
            fields.Add(field.ToString());
            if (i == text.Length || text[i] == '\n')
            {
                start = Math.Min(i + 1, text.Length);
                return fields;
            }
            i++;
        }
    }

    private static int EndOfLine(string text, int from)
    {
        var end = text.IndexOf('\n', from);
        return end < 0 ? text.Length : end + 1;
    }
}
