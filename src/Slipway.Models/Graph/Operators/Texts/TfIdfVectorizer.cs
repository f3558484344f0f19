using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// TfIdfVectorizer: how often the n-grams of a pool occur in [C] or [N, C] integers or texts, also with equal gaps between their members, as [columns] or [N, columns] (ai.onnx 9).
/// Single tokens are counted once, whatever the gaps.
/// </summary>
internal sealed class TfIdfVectorizer : Operator
{
    private readonly int _shortest;
    private readonly int _longest;
    private readonly long _skips;
    private readonly bool _countsOnce;
    private readonly long[] _columns;
    private readonly float[]? _weights;
    private readonly int _width;
    private readonly Dictionary<string, long>? _texts;
    private readonly Dictionary<(int Node, long Token), int> _next = [];
    private readonly List<int> _gramOf = [-1];

    public TfIdfVectorizer(NodeInfo node)
    {
        var (shortest, longest) = (node.Int("min_gram_length"), node.Int("max_gram_length"));
        _skips = node.Int("max_skip_count");
        if (shortest < 1 || longest < shortest || longest > int.MaxValue || _skips < 0) throw node.Wrong($"n-grams of {shortest} to {longest} members with up to {_skips} skips are impossible");
        (_shortest, _longest) = ((int)shortest, (int)longest);
        _columns = node.Ints("ngram_indexes") ?? throw node.Wrong("attribute 'ngram_indexes' is missing");
        long last = -1;
        foreach (var column in _columns)
        {
            if (column is < 0 or >= int.MaxValue) throw node.Wrong($"attribute 'ngram_indexes' has {column}");
            last = Math.Max(last, column);
        }
        _width = (int)last + 1;
        (_countsOnce, var isWeighted) = node.Text("mode") switch
        {
            "TF" => (false, false),
            "IDF" => (true, true),
            "TFIDF" => (false, true),
            var other => throw node.Wrong($"attribute 'mode': '{other}' is not known, only TF, IDF and TFIDF"),
        };
        _weights = node.Floats("weights");
        if (_weights is not null && _weights.Length != _columns.Length) throw node.Wrong($"{_weights.Length} weights are given for {_columns.Length} n-grams");
        if (!isWeighted) _weights = null;
        BuildPool(node, PoolOf(node, out _texts));
    }

    private static long[] PoolOf(NodeInfo node, out Dictionary<string, long>? texts)
    {
        texts = null;
        if (node.Has("pool_int64s") == node.Has("pool_strings")) throw node.Wrong("either 'pool_int64s' or 'pool_strings' must be given");
        if (node.Ints("pool_int64s") is { } numbers) return numbers;
        texts = new(StringComparer.Ordinal);
        var words = node.Texts("pool_strings")!;
        var pool = new long[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            if (!texts.TryGetValue(words[i], out pool[i])) texts[words[i]] = pool[i] = texts.Count;
        }
        return pool;
    }

    /// <summary>A tree of tokens: a node for each beginning of an n-gram.</summary>
    private void BuildPool(NodeInfo node, long[] pool)
    {
        var starts = node.Ints("ngram_counts") ?? throw node.Wrong("attribute 'ngram_counts' is missing");
        var gram = 0;
        for (var n = 1; n <= starts.Length; n++)
        {
            var (start, end) = (starts[n - 1], n < starts.Length ? starts[n] : pool.Length);
            if (start < 0 || end < start || end > pool.Length || (end - start) % n != 0) throw node.Wrong($"attribute 'ngram_counts': {n}-grams from {start} to {end} of a pool of {pool.Length} are impossible");
            for (var at = (int)start; at < end; at += n, gram++)
            {
                if (gram >= _columns.Length) throw node.Wrong($"the pool has more n-grams than 'ngram_indexes' has elements, {_columns.Length}");
                if (n < _shortest || n > _longest) continue;
                var place = 0;
                foreach (var token in pool.AsSpan(at, n))
                {
                    if (!_next.TryGetValue((place, token), out var child))
                    {
                        _next[(place, token)] = child = _gramOf.Count;
                        _gramOf.Add(-1);
                    }
                    place = child;
                }
                _gramOf[place] = gram;
            }
        }
    }

    public override void Infer(InferenceContext context)
    {
        var shape = context.Shape(0);
        if (shape is { Rank: not (1 or 2) }) throw new ModelException($"sequences of shape [C] or [N, C] are expected, the shape is {shape}");
        context.SetOutput(0, DataType.Float32, shape is null ? null : shape.Rank == 1 ? Shape.Of(_width) : Shape.Of(shape[0], _width));
    }

    public override long ScratchBytes(RunContext context) => context.Input(0).Rank == 0 ? 0 : context.Input(0)[context.Input(0).Rank - 1] * sizeof(long);

    public override void Run(RunContext context)
    {
        var source = context.Input(0);
        if ((source.Element == DataType.String) != (_texts is not null)) throw new RecordException($"the pool is of {(_texts is null ? "integers" : "texts")}, the input is {source.Type}");
        var values = context.Output(0).Values<float>();
        values.Clear();
        var length = (int)source[source.Rank - 1];
        var tokens = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(context.Scratch)[..length];
        for (var row = 0; row < (source.Rank == 1 ? 1 : source[0]); row++)
        {
            for (var i = 0; i < length; i++)
            {
                if (_texts is null) tokens[i] = source.IntAt(row * length + i);
                else if (!_texts.TryGetValue(source.Strings[row * length + i], out tokens[i])) tokens[i] = -1;
            }
            Count(tokens, values.Slice(row * _width, _width), context.Cancellation);
        }
    }

    private void Count(ReadOnlySpan<long> tokens, Span<float> values, CancellationToken cancellation)
    {
        var shortest = _shortest;
        for (long step = 1; step <= Math.Min(_skips, tokens.Length) + 1; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var start = 0; start < tokens.Length; start++)
            {
                var node = 0;
                long at = start;
                for (var n = 1; n <= _longest && at < tokens.Length; n++, at += step)
                {
                    if (!_next.TryGetValue((node, tokens[(int)at]), out node)) break;
                    if (n >= shortest && _gramOf[node] is >= 0 and var gram) Add(values, gram);
                }
            }
            if (shortest == 1 && ++shortest > _longest) return;
        }
    }

    private void Add(Span<float> values, int gram)
    {
        ref var value = ref values[(int)_columns[gram]];
        var weight = _weights?[gram] ?? 1;
        value = _countsOnce ? weight : value + weight;
    }
}
