using System.Collections.Immutable;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Transformations;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>The element <c>TextIndex</c>: how often a term occurs in a text (PMML 4.4.1, Transformations: Text Indexing).</summary>
/// <param name="WordRE">JPMML's attribute <c>x-wordRE</c>: what words are, rather than what separates them.</param>
internal sealed record TextIndex(
    Place Place, string TextField, TermWeight Weight, bool IsCaseSensitive, int MaxLevenshteinDistance, bool BestHits,
    string? WordRE, string SeparatorRE, bool Tokenize, ImmutableArray<TextIndexNormalization> Normalizations, Expression Term) : Expression(Place)
{
    private static readonly Choices<TermWeight> Weights = new(
        ("termFrequency", TermWeight.Frequency), ("binary", TermWeight.Binary), ("logarithmic", TermWeight.Logarithmic),
        ("augmentedNormalizedTermFrequency", TermWeight.AugmentedNormalized));

    private static readonly Choices<bool> Hits = new(("allHits", false), ("bestHits", true));

    private string? _settings;

    public static TextIndex Read(ElementReader e)
    {
        var place = e.Place;
        var index = new TextIndex(
            place,
            e.Require("textField"),
            e.Choice("localTermWeights", Weights, TermWeight.Frequency),
            e.Boolean("isCaseSensitive", false),
            e.Integer("maxLevenshteinDistance") ?? 0,
            e.Choice("countHits", Hits, false),
            e.Attribute("x-wordRE"),
            e.Attribute("wordSeparatorCharacterRE") ?? @"\s+",
            e.Boolean("tokenize", true),
            [],
            null!);
        if (index.MaxLevenshteinDistance < 0) throw place.Fault($"maxLevenshteinDistance=\"{index.MaxLevenshteinDistance}\" is negative");
        if (!index.Tokenize && (index.MaxLevenshteinDistance > 0 || index.Weight == TermWeight.AugmentedNormalized))
        {
            throw place.Unsupported("tokenize=\"false\" together with a Levenshtein distance or augmentedNormalizedTermFrequency, which count words,");
        }
        var normalizations = ImmutableArray.CreateBuilder<TextIndexNormalization>();
        Expression? term = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "TextIndexNormalization") normalizations.Add(TextIndexNormalization.Read(e));
            else term = TryRead(e) ?? term;
        }
        return index with { Normalizations = normalizations.DrainToImmutable(), Term = term ?? throw place.Fault("it has no expression for the term") };
    }

    public override bool IndexesText(FunctionTable functions) => true;

    public override RowExpression Bind(Scope scope)
    {
        scope.Functions.CountWork(1, Place);
        var text = Cast(scope.Resolve(TextField, Place).Value, CellType.Text, scope);
        var term = Term.BindAs(CellFormat.Text, scope);
        var reading = scope.Functions.Texts.Reading(_settings ??= Settings(), BindReading);
        if (term is ConstantExpression constant)
        {
            if (Cell.IsMissing(constant.Cell)) return new ConstantExpression(Weight.Type, Cell.Missing);
            if (!scope.VariesWithinRow && scope.Functions.Texts.Index(text, reading, scope.Program) is { } index)
            {
                if (Weight == TermWeight.AugmentedNormalized) index.CountWords();
                return new TermExpression(index, index.Add(scope.Symbols[(int)constant.Cell]), Weight);
            }
        }
        return new VariableTermExpression(text, term, reading, Weight);
    }

    /// <exception cref="ModelException">A pattern is wrong.</exception>
    public static Tokenizer Tokenizer(string? words, string separators, Place place)
    {
        try
        {
            return words is null ? Rows.Transformations.Tokenizer.OfSeparators(separators) : Rows.Transformations.Tokenizer.OfWords(words);
        }
        catch (ModelException e)
        {
            throw place.Fault(e.Message);
        }
    }

    private TextReading BindReading() => new(
        [.. Normalizations.Select(n => n.Bind(this))],
        Tokenize ? Tokenizer(WordRE, SeparatorRE, Place) : null,
        !IsCaseSensitive,
        MaxLevenshteinDistance,
        BestHits);

    private string Settings()
    {
        var settings = new StringBuilder($"{IsCaseSensitive}|{MaxLevenshteinDistance}|{BestHits}|{Tokenize}|{WordRE?.Length}:{WordRE}|{SeparatorRE.Length}:{SeparatorRE}|");
        foreach (var normalization in Normalizations) normalization.WriteSettings(settings.Append('|'));
        return settings.ToString();
    }
}
