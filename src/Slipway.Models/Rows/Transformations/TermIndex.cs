using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Rows.Transformations;

/// <summary>How a text is read and terms are looked for in it.</summary>
/// <param name="Tokenizer">Null when terms are looked for as they are, anywhere in the text.</param>
/// <param name="MaxDistance">How many characters of an occurrence may differ (see <see cref="Levenshtein"/>).</param>
/// <param name="BestOnly">Of a term's occurrences only those with the fewest differences count.</param>
internal sealed record TextReading(ImmutableArray<TextNormalization> Normalizations, Tokenizer? Tokenizer, bool IgnoreCase, int MaxDistance, bool BestOnly)
{
    public string Normalize(string text)
    {
        foreach (var normalization in Normalizations) text = normalization.Apply(text);
        return text;
    }

    /// <summary>Occurrences of a text in another that do not overlap.</summary>
    public int CountAnywhere(ReadOnlySpan<char> text, ReadOnlySpan<char> term)
    {
        var comparison = IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var count = 0;
        if (term.IsEmpty) return 0;
        for (var at = text.IndexOf(term, comparison); at >= 0; at = text.IndexOf(term, comparison))
        {
            count++;
            text = text[(at + term.Length)..];
        }
        return count;
    }
}

/// <summary>
/// Counts many terms in one text of a row. The text is read when the first count is asked for, once; that costs its words, each of which is looked up,
/// and not its words for every term. Built while binding; then immutable and thread-safe.
/// </summary>
internal sealed class TermIndex
{
    private const int MaxChunk = 4096;

    private readonly RowExpression _text;
    private readonly TextReading _reading;
    private readonly ProgramBuilder _program;
    private readonly List<(int First, int Count)> _chunks = [];
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly List<(Term Term, int Slot)> _fuzzy = [];
    private readonly List<(string Term, int Slot)> _texts = [];
    private readonly PhraseTree _phrases;
    private int _used;
    private bool _countsWords;

    public TermIndex(RowExpression text, TextReading reading, ProgramBuilder program)
    {
        _text = text;
        _reading = reading;
        _program = program;
        _phrases = new PhraseTree(reading.IgnoreCase);
        State = program.PendingSlot();
    }

    /// <summary>The slot that is pending until the text is read. Then it is missing when the text is, else how often the most frequent word occurs (0 unless asked for).</summary>
    public int State { get; }

    /// <summary>Asks for the most frequent word's count, too.</summary>
    public void CountWords() => _countsWords = true;

    /// <returns>The slot in which the term's count will be.</returns>
    public int Add(string term)
    {
        if (_slots.TryGetValue(term, out var slot)) return slot;
        _slots[term] = slot = NextSlot();
        if (_reading.Tokenizer is null) _texts.Add((term, slot));
        else if (_reading.MaxDistance > 0) _fuzzy.Add((Term.Of(term, _reading.Tokenizer), slot));
        else _phrases.Add(Term.Of(term, _reading.Tokenizer), slot);
        return slot;
    }

    /// <exception cref="RecordException">The text cannot be read in reasonable time.</exception>
    public void Read(in Row row)
    {
        var cell = _text.Evaluate(row);
        if (Cell.IsMissing(cell))
        {
            row[State] = cell;
            return;
        }
        var text = _reading.Normalize(row.Texts[cell]);
        foreach (var (first, count) in _chunks) row.Cells.Slice(first, count).Clear();
        foreach (var (term, slot) in _texts) row[slot] = _reading.CountAnywhere(text, term);
        var most = 0;
        if (_reading.Tokenizer is { } tokenizer)
        {
            var words = new TokenList();
            try
            {
                tokenizer.Tokenize(text, ref words);
                _phrases.Count(text, words, row.Cells);
                foreach (var (term, slot) in _fuzzy) row[slot] = term.Count(text, words, _reading.MaxDistance, _reading.IgnoreCase, _reading.BestOnly);
                if (_countsWords) most = WordFrequency.Highest(text, words, _reading.IgnoreCase);
            }
            finally
            {
                words.Dispose();
            }
        }
        row[State] = most;
    }

    private int NextSlot()
    {
        if (_used == 0 || _used == _chunks[^1].Count)
        {
            var size = _chunks.Count == 0 ? 1 : Math.Min(_chunks[^1].Count * 2, MaxChunk);
            _chunks.Add((_program.Slots(size), size));
            _used = 0;
        }
        return _chunks[^1].First + _used++;
    }
}
