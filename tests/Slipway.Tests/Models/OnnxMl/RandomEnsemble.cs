using static Slipway.Tests.Models.OnnxMl.OnnxWriter;

namespace Slipway.Tests.Models.OnnxMl;

/// <summary>What a random ensemble is to have.</summary>
public sealed record EnsembleShape
{
    public int Trees { get; init; } = 7;

    public int Features { get; init; } = 4;

    public int Targets { get; init; } = 1;

    public int MaxDepth { get; init; } = 5;

    public string[] Modes { get; init; } = ["BRANCH_LEQ"];

    /// <summary>Thresholds and weights are float64, and so is the input.</summary>
    public bool Double { get; init; }

    public bool MissingTracksTrue { get; init; }

    /// <summary>Weights of a leaf: <c>all</c> targets, <c>one</c> per tree, <c>first</c> (always target 0), <c>second</c>, <c>some</c>, <c>repeated</c>.</summary>
    public string Weights { get; init; } = "one";

    public bool Positive { get; init; }

    public int BaseValues { get; init; }

    public string Aggregate { get; init; } = "SUM";

    public string Transform { get; init; } = "NONE";

    /// <summary>Thresholds are small whole numbers.</summary>
    public bool Whole { get; init; }

    /// <summary>ONNX element type of the input; 0: by <see cref="Double"/>.</summary>
    public int InputType { get; init; }
}

/// <summary>Seeded random ensembles as ONNX nodes.</summary>
public sealed class RandomEnsemble
{
    private readonly Random _random;
    private readonly EnsembleShape _shape;
    private readonly List<long> _trees = [], _numbers = [], _features = [], _trues = [], _falses = [], _missing = [];
    private readonly List<string> _modes = [];
    private readonly List<double> _values = [], _weights = [];
    private readonly List<long> _weightTrees = [], _weightNodes = [], _weightTargets = [];

    public RandomEnsemble(int seed, EnsembleShape shape)
    {
        (_random, _shape) = (new Random(seed), shape);
        for (var tree = 0; tree < shape.Trees; tree++) Grow(tree);
    }

    public int InputType => _shape.InputType != 0 ? _shape.InputType : _shape.Double ? 11 : 1;

    public byte[] Regressor(string input = "X", string output = "Y") =>
        Node("TreeEnsembleRegressor", [input], [output], [.. Attributes("target"), Integer("n_targets", _shape.Targets), String("aggregate_function", _shape.Aggregate)]);

    public byte[] Classifier(bool texts, string input = "X", string label = "label", string scores = "scores") =>
        Node("TreeEnsembleClassifier", [input], [label, scores],
            [.. Attributes("class"), texts ? Strings("classlabels_strings", Enumerable.Range(0, _shape.Targets).Select(i => $"class {i}")) : Integers("classlabels_int64s", Enumerable.Range(0, _shape.Targets).Select(i => 10L * i))]);

    public byte[] RegressorModel() => Model(Graph([Regressor()], [Input()], [Value("Y", 1, -1, _shape.Targets)]), 3);

    public byte[] ClassifierModel(bool texts) =>
        Model(Graph([Classifier(texts)], [Input()], [Value("label", texts ? 8 : 7, -1), Value("scores", 1, -1, _shape.Targets)]), 3);

    public byte[] Input() => Value("X", InputType, -1, _shape.Features);

    /// <summary>Rows that often hit thresholds; some values are NaN or infinite.</summary>
    public double[] Rows(int count)
    {
        var rows = new double[count * _shape.Features];
        foreach (ref var x in rows.AsSpan())
        {
            x = _random.Next(10) switch
            {
                0 when InputType is 1 or 11 => double.NaN,
                1 when InputType is 1 or 11 => _random.Next(2) == 0 ? double.PositiveInfinity : double.NegativeInfinity,
                < 6 => _values[_random.Next(_values.Count)],
                _ => Threshold(),
            };
            if (InputType is not (1 or 11)) x = Math.Round(x);
            if (InputType == 1) x = (float)x;
        }
        return rows;
    }

    private IEnumerable<byte[]> Attributes(string kind)
    {
        yield return Integers("nodes_treeids", _trees);
        yield return Integers("nodes_nodeids", _numbers);
        yield return Integers("nodes_featureids", _features);
        yield return Integers("nodes_truenodeids", _trues);
        yield return Integers("nodes_falsenodeids", _falses);
        yield return Strings("nodes_modes", _modes);
        if (_shape.MissingTracksTrue) yield return Integers("nodes_missing_value_tracks_true", _missing);
        yield return Doubles("nodes_values", _values);
        yield return Integers($"{kind}_treeids", _weightTrees);
        yield return Integers($"{kind}_nodeids", _weightNodes);
        yield return Integers($"{kind}_ids", _weightTargets);
        yield return Doubles($"{kind}_weights", _weights);
        if (_shape.BaseValues > 0) yield return Doubles("base_values", Enumerable.Range(0, _shape.BaseValues).Select(i => 0.3 - (0.7 * i)).ToList());
        yield return String("post_transform", _shape.Transform);
    }

    private byte[] Doubles(string name, List<double> values) => _shape.Double ? TensorAttribute(name + "_as_tensor", Tensor(name, 11, values)) : Numbers(name, values);

    private double Threshold() => _shape.Whole ? _random.Next(0, 12) : _shape.Double ? (_random.NextDouble() * 4) - 2 : (float)((_random.NextDouble() * 4) - 2);

    private void Grow(int tree)
    {
        var open = new Queue<(int At, int Depth)>();
        var first = _trees.Count;
        var only = _random.Next(_shape.Targets);
        AddNode(tree, 0);
        open.Enqueue((first, 0));
        while (open.TryDequeue(out var next))
        {
            if (next.Depth == _shape.MaxDepth || (next.Depth > 0 && _random.Next(4) == 0))
            {
                _modes[next.At] = "LEAF";
                AddWeights(tree, next.At - first, only);
                continue;
            }
            _modes[next.At] = _shape.Modes[_random.Next(_shape.Modes.Length)];
            _features[next.At] = _random.Next(_shape.Features);
            _values[next.At] = Threshold();
            _missing[next.At] = _random.Next(2);
            var left = AddNode(tree, _trees.Count - first);
            var right = AddNode(tree, _trees.Count - first);
            (_trues[next.At], _falses[next.At]) = _random.Next(2) == 0 ? (left - first, right - first) : (right - first, left - first);
            open.Enqueue((left, next.Depth + 1));
            open.Enqueue((right, next.Depth + 1));
        }
    }

    private int AddNode(int tree, int number)
    {
        _trees.Add(tree);
        _numbers.Add(number);
        _features.Add(0);
        _trues.Add(0);
        _falses.Add(0);
        _missing.Add(0);
        _modes.Add("");
        _values.Add(0);
        return _trees.Count - 1;
    }

    private void AddWeights(int tree, int node, int only)
    {
        int[] targets = _shape.Weights switch
        {
            "all" => [.. Enumerable.Range(0, _shape.Targets)],
            "first" => [0],
            "second" => [1],
            "some" => [.. Enumerable.Range(0, _shape.Targets).Where(_ => _random.Next(2) == 0)],
            "repeated" => [.. Enumerable.Range(0, _shape.Targets), only, only],
            _ => [only],
        };
        foreach (var target in targets)
        {
            _weightTrees.Add(tree);
            _weightNodes.Add(node);
            _weightTargets.Add(target);
            var weight = _random.NextDouble() - (_shape.Positive ? 0 : 0.5);
            _weights.Add(_shape.Double ? weight : (float)weight);
        }
    }
}
