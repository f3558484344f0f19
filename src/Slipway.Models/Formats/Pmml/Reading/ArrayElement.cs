using System.Collections.Immutable;
using System.Text;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>The content of the elements <c>Array</c>, <c>INT-SparseArray</c> and <c>REAL-SparseArray</c> (PMML 4.4.1, General Structure).</summary>
internal static class ArrayElement
{
    /// <summary>Values are separated by white space; one in double quotes may contain it, and <c>\"</c>.</summary>
    public static ImmutableArray<string> ReadTexts(ElementReader e)
    {
        var place = e.Place;
        var text = e.ReadText().AsSpan();
        var values = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; ;)
        {
            while (i < text.Length && char.IsWhiteSpace(text[i])) i++;
            if (i == text.Length) return values.DrainToImmutable();
            var start = i;
            if (text[i] != '"')
            {
                while (i < text.Length && !char.IsWhiteSpace(text[i])) i++;
                values.Add(text[start..i].ToString());
                continue;
            }
            for (i++; i < text.Length && text[i] != '"'; i++)
            {
                if (text[i] == '\\' && i + 1 < text.Length) i++;
            }
            if (i == text.Length) throw place.Fault("a quotation mark is not closed");
            values.Add(Unescape(text[(start + 1)..i]));
            i++;
        }
    }

    /// <summary>Numbers, dense or sparse; absent elements of a sparse array are its default value (0).</summary>
    /// <exception cref="Core.ModelException">A value is not a number, or an index is out of range.</exception>
    public static ImmutableArray<double> ReadNumbers(ElementReader e)
    {
        if (e.Name is "INT-SparseArray" or "REAL-SparseArray") return ReadSparse(e);
        var count = e.Integer("n");
        var place = e.Place;
        var numbers = ParseNumbers(e.ReadText(), place);
        if (count is { } n && n != numbers.Length) throw place.Fault($"n=\"{n}\", but {numbers.Length} values are there");
        return numbers;
    }

    /// <summary>Numbers separated by white space.</summary>
    public static ImmutableArray<double> ParseNumbers(ReadOnlySpan<char> text, Place place)
    {
        var numbers = ImmutableArray.CreateBuilder<double>();
        for (var i = 0; ;)
        {
            while (i < text.Length && char.IsWhiteSpace(text[i])) i++;
            if (i == text.Length) return numbers.DrainToImmutable();
            var start = i;
            while (i < text.Length && !char.IsWhiteSpace(text[i])) i++;
            if (!Rows.NumberText.TryParse(text[start..i].Trim('"'), out double number)) throw place.Fault($"'{text[start..i]}' is not a number");
            numbers.Add(number);
        }
    }

    private static ImmutableArray<double> ReadSparse(ElementReader e)
    {
        var place = e.Place;
        var (length, otherwise) = (e.Integer("n"), e.Number("defaultValue", 0));
        ImmutableArray<double> indices = [], entries = [];
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Indices") indices = ParseNumbers(e.ReadText(), place);
            else if (e.Name is "INT-Entries" or "REAL-Entries") entries = ParseNumbers(e.ReadText(), place);
        }
        if (indices.Length != entries.Length) throw place.Fault($"{indices.Length} indices, but {entries.Length} entries");
        var n = length ?? (indices.IsEmpty ? 0 : (int)indices.Max());
        if (n < 0) throw place.Fault($"n=\"{n}\" is negative");
        e.CountImplied(n);
        var values = new double[n];
        values.AsSpan().Fill(otherwise);
        for (var i = 0; i < indices.Length; i++)
        {
            if (!(indices[i] >= 1 && indices[i] <= n)) throw place.Fault($"index {indices[i]} is outside 1…{n}");
            values[(int)indices[i] - 1] = entries[i];
        }
        return [.. values];
    }

    private static string Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\')) return text.ToString();
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\') i++;
            plain.Append(text[i]);
        }
        return plain.ToString();
    }
}
