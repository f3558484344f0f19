namespace Slipway.Models.Rows.Transformations;

/// <summary>Terms of one or more words, as a tree of their words: where terms begin with the same words, these are compared once.</summary>
internal sealed class PhraseTree(bool ignoreCase)
{
    private const int Root = 0;

    private readonly Dictionary<string, int> _words = new(ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private readonly Dictionary<ulong, int> _children = [];
    private readonly List<List<int>?> _slots = [null];
    private int _depth;

    public void Add(Term term, int slot)
    {
        if (term.Words.IsEmpty) return;
        var node = Root;
        foreach (var word in term.Words)
        {
            if (!_words.TryGetValue(word, out var id)) _words[word] = id = _words.Count;
            var key = Key(node, id);
            if (!_children.TryGetValue(key, out node))
            {
                _children[key] = node = _slots.Count;
                _slots.Add(null);
            }
        }
        (_slots[node] ??= []).Add(slot);
        _depth = Math.Max(_depth, term.Words.Length);
    }

    /// <summary>Adds 1 to a term's slot wherever it occurs.</summary>
    public void Count(ReadOnlySpan<char> text, in TokenList words, Span<double> cells)
    {
        if (_depth == 0) return;
        var lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var first = 0; first < words.Count; first++)
        {
            var node = Root;
            for (var i = first; i < words.Count && i - first < _depth; i++)
            {
                if (!lookup.TryGetValue(text.Slice(words[i].Start, words[i].Length), out var id) || !_children.TryGetValue(Key(node, id), out node)) break;
                if (_slots[node] is not { } slots) continue;
                foreach (var slot in slots) cells[slot]++;
            }
        }
    }

    /// <summary>Another for every pair, as multiples of the golden ratio are far apart, and with all bits at work.</summary>
    private static ulong Key(int node, int word) => unchecked(((ulong)node * 0x9E3779B97F4A7C15UL) + (uint)word);
}
