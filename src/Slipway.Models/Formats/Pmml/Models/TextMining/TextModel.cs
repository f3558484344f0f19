using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Models.TimeSeries;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;
using Slipway.Models.Rows.TextMining;

namespace Slipway.Models.Formats.Pmml.Models.TextMining;

/// <summary>
/// The element <c>TextModel</c> (PMML 4.4.1, Text Models): the document of the corpus that is most like a row's is its answer. A row brings the count of every
/// term in a numeric field of the term's name, or its document in the one text field; logarithms are natural.
/// </summary>
internal sealed class TextModel(ModelHeader header) : ModelElement(header)
{
    private const int MostRanks = 1000;

    private static readonly Choices<LocalWeight> Locals = new(
        ("termFrequency", LocalWeight.TermFrequency), ("binary", LocalWeight.Binary), ("logarithmic", LocalWeight.Logarithmic),
        ("augmentedNormalizedTermFrequency", LocalWeight.AugmentedNormalizedTermFrequency));

    private static readonly Choices<GlobalWeight> Globals = new(
        ("inverseDocumentFrequency", GlobalWeight.InverseDocumentFrequency), ("none", GlobalWeight.None), ("GFIDF", GlobalWeight.Gfidf), ("normal", GlobalWeight.Normal),
        ("probabilisticInverse", GlobalWeight.ProbabilisticInverse));

    private static readonly Choices<bool> Normalizations = new(("none", false), ("cosine", true));

    private static readonly Choices<bool> Similarities = new(("euclidean", true), ("cosine", false));

    private ImmutableArray<string> _terms = [];
    private readonly List<(Place Place, string Id)> _documents = [];
    private MatrixElement? _matrix;
    private (LocalWeight Local, GlobalWeight Global, bool ByLength) _weights = (LocalWeight.TermFrequency, GlobalWeight.None, false);
    private bool _byDistance;

    public static TextModel Read(ElementReader e)
    {
        var model = new TextModel(new ModelHeader(e));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (!model.Header.TryRead(e)) model.ReadPart(e);
        }
        return model;
    }

    public override RowModel Bind(ModelScope scope)
    {
        if (_terms.IsEmpty || _documents.Count == 0) throw Header.Place.Fault("it needs a TextDictionary with terms and a TextCorpus with documents");
        var matrix = _matrix ?? throw Header.Place.Fault("it has no DocumentTermMatrix");
        if (matrix.Rows != _documents.Count || matrix.Columns != _terms.Length)
        {
            throw Header.Place.Fault($"its DocumentTermMatrix is {matrix.Rows} × {matrix.Columns}, but there are {_documents.Count} documents and {_terms.Length} terms");
        }
        double[] documents = [.. matrix.Values];
        var weights = new TermWeights(_weights.Local, TermWeights.Global(_weights.Global, documents, _documents.Count, _terms.Length), _weights.ByLength);
        for (var i = 0; i < _documents.Count; i++) weights.Weigh(documents.AsSpan(i * _terms.Length, _terms.Length));
        var (counts, text) = Inputs(scope);
        return new DocumentSearch(
            Result(scope), counts, text, new TermCounter(_terms), weights, scope.Program.Slots(_terms.Length), _terms.Length, documents, _byDistance);
    }

    private void ReadPart(ElementReader e)
    {
        var depth = e.Depth;
        switch (e.Name)
        {
            case "TextDictionary":
                while (e.ReadChild(depth))
                {
                    if (e.Name == "Array") _terms = ArrayElement.ReadTexts(e);
                }
                break;
            case "TextCorpus":
                while (e.ReadChild(depth))
                {
                    if (e.Name == "TextDocument") _documents.Add((e.Place, e.Require("id")));
                }
                break;
            case "DocumentTermMatrix":
                _matrix = SeriesElements.ReadMatrix(e);
                break;
            case "TextModelNormalization":
                _weights = (e.Choice("localTermWeights", Locals, LocalWeight.TermFrequency), e.Choice("globalTermWeights", Globals, GlobalWeight.InverseDocumentFrequency),
                    e.Choice("documentNormalization", Normalizations, false));
                break;
            case "TextModelSimiliarity":
                _byDistance = e.Choice("similarityType", Similarities, false);
                break;
        }
    }

    private ModelResult Result(ModelScope scope)
    {
        var ids = ImmutableArray.CreateBuilder<double>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (place, id) in _documents)
        {
            if (!known.Add(id)) throw place.Fault($"the id '{id}' is another document's already");
            ids.Add(scope.Program.Symbols.Intern(id));
        }
        var ranks = Math.Clamp(Header.Output.Select(o => o.Rank).DefaultIfEmpty(1).Max(), 1, Math.Min(MostRanks, ids.Count));
        return new ModelResult
        {
            Predicted = scope.Program.Slot(),
            Type = CellType.Text,
            Categories = ids.ToImmutable(),
            Affinities = scope.Program.Slots(ids.Count),
            RankedEntityIds = scope.Program.Slots(ranks),
            RankedAffinities = scope.Program.Slots(ranks),
            RankCount = ranks,
        };
    }

    private (ImmutableArray<RowExpression> Counts, RowExpression? Text) Inputs(ModelScope scope)
    {
        var fields = _terms.Select(scope.Fields.TryResolve).ToArray();
        if (Array.TrueForAll(fields, f => f is not null && f.Type != CellType.Text))
        {
            return ([.. fields.Select(f => Casting.Cast(f!.Value, CellType.Float64, scope.Program.Symbols))], null);
        }
        var texts = scope.FieldsOf(UsageType.Active).Where(f => f.Type == CellType.Text).ToArray();
        if (texts.Length == 1) return ([], texts[0].Value);
        var absent = _terms[Array.FindIndex(fields, f => f is null || f.Type == CellType.Text)];
        throw Header.Place.Fault($"the term '{absent}' is no numeric field, and there are {texts.Length} active text fields, not 1, that could be the document");
    }
}
