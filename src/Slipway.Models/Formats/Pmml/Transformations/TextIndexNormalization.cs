using System.Collections.Immutable;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.Transformations;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>The element <c>TextIndexNormalization</c>: a table of texts and what they become before terms are counted. What it does not say it takes from its TextIndex.</summary>
internal sealed record TextIndexNormalization(
    Place Place, string InField, string OutField, string RegexField, bool IsRecursive, bool? IsCaseSensitive, int? MaxLevenshteinDistance,
    string? WordRE, string? SeparatorRE, bool? Tokenize, InlineTable Table)
{
    public static TextIndexNormalization Read(ElementReader e)
    {
        var normalization = new TextIndexNormalization(
            e.Place,
            e.Attribute("inField") ?? "string",
            e.Attribute("outField") ?? "stem",
            e.Attribute("regexField") ?? "regex",
            e.Boolean("recursive", false),
            e.Attribute("isCaseSensitive") is null ? null : e.Boolean("isCaseSensitive", false),
            e.Integer("maxLevenshteinDistance"),
            e.Attribute("x-wordRE"),
            e.Attribute("wordSeparatorCharacterRE"),
            e.Attribute("tokenize") is null ? null : e.Boolean("tokenize", true),
            InlineTable.Empty);
        if (normalization.MaxLevenshteinDistance < 0) throw e.Fault($"maxLevenshteinDistance=\"{normalization.MaxLevenshteinDistance}\" is negative");
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "InlineTable") normalization = normalization with { Table = InlineTable.Read(e) };
            else if (e.Name == "TableLocator") throw e.Place.Unsupported("a table outside the file; put it into an InlineTable: this");
        }
        return normalization;
    }

    /// <summary>Everything that tells it from another one, as a text.</summary>
    public void WriteSettings(StringBuilder to)
    {
        to.Append($"{IsRecursive}|{IsCaseSensitive}|{MaxLevenshteinDistance}|{Tokenize}|{WordRE?.Length}:{WordRE}|{SeparatorRE?.Length}:{SeparatorRE}|");
        var (input, output, regex) = (Table.IndexOf(InField), Table.IndexOf(OutField), Table.IndexOf(RegexField));
        for (var row = 0; row < Table.Rows.Length; row++)
        {
            foreach (var column in (ReadOnlySpan<int>)[input, output, regex])
            {
                var cell = Table.Cell(row, column);
                to.Append(cell?.Length ?? -1).Append(':').Append(cell);
            }
        }
    }

    /// <param name="index">The element around.</param>
    public TextNormalization Bind(TextIndex index)
    {
        var (input, output, regex) = (Column(InField), Column(OutField), Table.IndexOf(RegexField));
        var replacements = ImmutableArray.CreateBuilder<TextReplacement>(Table.Rows.Length);
        for (var row = 0; row < Table.Rows.Length; row++)
        {
            var from = Table.Cell(row, input) ?? throw Place.Fault($"row {row + 1} of the table has no '{InField}'");
            var to = Table.Cell(row, output) ?? throw Place.Fault($"row {row + 1} of the table has no '{OutField}'");
            if (from.Length == 0) throw Place.Fault($"row {row + 1} of the table: '{InField}' is empty");
            replacements.Add(Replacement(index, from, to, string.Equals(Table.Cell(row, regex)?.Trim(), "true", StringComparison.OrdinalIgnoreCase)));
        }
        return new TextNormalization(replacements.DrainToImmutable(), IsRecursive);
    }

    private TextReplacement Replacement(TextIndex index, string from, string to, bool isPattern)
    {
        var ignoreCase = !(IsCaseSensitive ?? index.IsCaseSensitive);
        try
        {
            if (isPattern) return new PatternReplacement(TextPattern.Compile(from, ignoreCase), References(to), to.AsSpan().ContainsAny('$', '\\'));
            var distance = MaxLevenshteinDistance ?? index.MaxLevenshteinDistance;
            if (distance == 0 || !(Tokenize ?? index.Tokenize)) return new PatternReplacement(TextPattern.Literal(from, ignoreCase), to, hasGroups: false);
            var tokenizer = TextIndex.Tokenizer(WordRE ?? (SeparatorRE is null ? index.WordRE : null), SeparatorRE ?? index.SeparatorRE, Place);
            var term = Term.Of(from, tokenizer);
            if (term.Words.IsEmpty) throw Place.Fault($"'{from}' has no words");
            return new FuzzyReplacement(tokenizer, term, to, distance, ignoreCase);
        }
        catch (ModelException e) when (!e.Message.StartsWith(Place.ToString(), StringComparison.Ordinal))
        {
            throw Place.Fault(e.Message);
        }
    }

    /// <summary>Groups are <c>$1</c>, <c>${name}</c> or <c>\1</c>; a backslash makes the next character a plain one.</summary>
    private static string References(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var references = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length) references.Append(text[i]);
            else if (char.IsAsciiDigit(text[++i])) references.Append("${").Append(text[i]).Append('}');
            else references.Append(text[i] == '$' ? "$$" : text[i].ToString());
        }
        return references.ToString();
    }

    private int Column(string name)
    {
        if (Table.Rows.IsEmpty) return -1;
        var column = Table.IndexOf(name);
        return column >= 0 ? column : throw Place.Fault($"the table has no column '{name}'; it has {string.Join(", ", Table.Columns.Take(20))}");
    }
}
