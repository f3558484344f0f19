using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>
/// Goes through a graph node by node and finds what each name stands for: columns of inputs before the ensemble, slots of an <see cref="OutputProgram"/> after it.
/// A graph of anything else is not understood (<see cref="ModelException.IsUnsupported"/>).
/// </summary>
internal sealed partial class GraphBinder
{
    /// <summary>Of ai.onnx.ml.</summary>
    private const long MaxOperatorSet = 5;

    private readonly OnnxFile _file;
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

    private GraphBinder(OnnxFile file) => _file = file;

    /// <summary>What is before the ensemble.</summary>
    public ImmutableArray<InputColumns> Columns { get; private set; } = [];

    public EnsembleOperator? Ensemble { get; private set; }

    /// <summary>The node of <see cref="Ensemble"/>.</summary>
    public OnnxNode? EnsembleNode { get; private set; }

    public List<Slot> Slots { get; } = [];

    public List<OutputStep> Steps { get; } = [];

    /// <summary>What a name stands for.</summary>
    private abstract record Value;

    /// <param name="Type">Of every column, after its steps.</param>
    private sealed record Features(ImmutableArray<InputColumns> Blocks, ElementType Type) : Value;

    /// <param name="IsMap">A sequence of maps from label to score: it has no shape.</param>
    private sealed record Rows(int Slot, ElementType Type, int Width, int Rank, bool IsMap = false) : Value;

    /// <param name="Tensor">A <c>TensorProto</c>.</param>
    private sealed record Constant(Extent Tensor) : Value;

    /// <summary>The operators that may be understood.</summary>
    public static bool Accepts(string name) =>
        EnsembleOperator.Is(name)
        || name is "Identity" or "Cast" or "Constant" or "Concat" or "FeatureVectorizer" or "Scaler" or "Imputer" or "ArrayFeatureExtractor" or "Reshape" or "Squeeze"
            or "Unsqueeze" or "Flatten" or "ZipMap" or "Sigmoid" or "Exp" or "Softmax" or "Normalizer" or "ArgMax" or "Mul" or "Add" or "Sub" or "Div";

    /// <exception cref="ModelException">The graph is damaged or not understood.</exception>
    public static GraphBinder Bind(ReadOnlySpan<byte> bytes, OnnxFile file)
    {
        var version = file.OperatorSets.GetValueOrDefault("ai.onnx.ml", 1);
        if (version > MaxOperatorSet) throw OnnxFile.Unsupported($"operator set ai.onnx.ml {version}: up to {MaxOperatorSet} are known");
        var binder = new GraphBinder(file);
        binder.BindInputs();
        foreach (var node in file.Nodes) binder.BindNode(bytes, node);
        if (binder.Ensemble is null) throw OnnxFile.Unsupported("the graph has no tree ensemble");
        return binder;
    }

    /// <summary>The outputs of the graph, in its order.</summary>
    public ImmutableArray<ProgramOutput> Outputs()
    {
        var outputs = ImmutableArray.CreateBuilder<ProgramOutput>(_file.Outputs.Count);
        foreach (var output in _file.Outputs)
        {
            if (!_values.TryGetValue(output.Name, out var value) || value is not Rows rows) throw OnnxFile.Unsupported($"output '{output.Name}' is not made by the ensemble");
            if (!rows.IsMap && output.Type is { } type && type != rows.Type) throw OnnxFile.Unsupported($"output '{output.Name}' is declared as {type.ProtocolName}, but is {rows.Type.ProtocolName}");
            if (rows.Rank == LookedUp) throw OnnxFile.Unsupported($"output '{output.Name}' has one row for all");
            ImmutableArray<long> shape = rows.IsMap ? [-1, -1] : rows.Rank == 1 ? [-1] : [-1, rows.Width];
            if (!rows.IsMap && output.Shape is [_, >= 0 and var width] && width != rows.Width) throw OnnxFile.Unsupported($"output '{output.Name}' is declared with {width} columns, but has {rows.Width}");
            if (!rows.IsMap && output.Shape?.Length == rows.Rank) shape = [.. output.Shape];
            outputs.Add(new ProgramOutput(new TensorSpec(output.Name, rows.Type, shape), rows.Slot, rows.Rank));
        }
        return outputs.DrainToImmutable();
    }

    private void BindInputs()
    {
        foreach (var (name, tensor) in _file.Constants) _values[name] = new Constant(tensor);
        foreach (var input in _file.Inputs)
        {
            // Up to IR version 3 constants are declared as inputs, too: they are defaults.
            if (_values.ContainsKey(input.Name)) throw OnnxFile.Unsupported($"input '{input.Name}' has a default");
            if (input.Type is not (ElementType.Float32 or ElementType.Float64 or ElementType.Int64 or ElementType.Int32) || input.Shape is not { Length: 2 } shape)
            {
                throw OnnxFile.Unsupported($"input '{input.Name}' is not a matrix of float32, float64, int64 or int32");
            }
            _values[input.Name] = new Features([new InputColumns(input.Name, 0, (int)shape[1], false, [])], input.Type.Value);
        }
    }

    private void BindNode(ReadOnlySpan<byte> bytes, OnnxNode node)
    {
        var attributes = new OnnxAttributes(bytes, node);
        if (node.Outputs.Count == 0) throw OnnxFile.Unsupported($"{node} has no output");
        if (EnsembleOperator.Is(node.Operator))
        {
            BindEnsemble(bytes, node);
            return;
        }
        if (node.Operator == "Constant")
        {
            Define(node, new Constant(attributes.TensorExtent("value") ?? throw OnnxFile.Unsupported($"{node} is not a tensor")));
            return;
        }
        var inputs = ImmutableArray.CreateBuilder<Value>(node.Inputs.Count);
        foreach (var name in node.Inputs) inputs.Add(_values.TryGetValue(name, out var value) ? value : throw OnnxFile.Unsupported($"{node}: nothing makes '{name}' before it"));
        if (inputs.Count == 0) throw OnnxFile.Unsupported($"{node} has no input");
        Value? result = inputs[0] switch
        {
            Features features => BindColumns(node, attributes, features, inputs.ToImmutable()),
            Rows rows => BindRows(node, attributes, rows, inputs.ToImmutable()),
            Constant constant when inputs is [_, Rows rows] => node.Operator == "ArrayFeatureExtractor" ? BindLookup(attributes, constant, rows) : BindArithmetic(node, attributes, constant, rows, constantIsLeft: true),
            _ => null,
        };
        Define(node, result ?? throw OnnxFile.Unsupported($"{node} is not understood where it stands"));
    }

    private void Define(OnnxNode node, Value value) => _values[node.Outputs[0]] = value;

    private void BindEnsemble(ReadOnlySpan<byte> bytes, OnnxNode node)
    {
        if (node.Domain != "ai.onnx.ml") throw OnnxFile.Unsupported($"{node} is of domain '{node.Domain}'");
        if (Ensemble is not null) throw OnnxFile.Unsupported("the graph has several tree ensembles");
        if (node.Inputs is not [var name] || !_values.TryGetValue(name, out var value) || value is not Features features) throw OnnxFile.Unsupported($"{node} does not read columns of inputs");
        var isClassifier = node.Operator == "TreeEnsembleClassifier";
        if (!isClassifier && features.Type is not (ElementType.Float32 or ElementType.Float64)) throw OnnxFile.Unsupported($"{node} reads {features.Type.ProtocolName}");
        (Ensemble, EnsembleNode) = (EnsembleOperator.Bind(new OnnxAttributes(bytes, node), features.Type), node);
        var scores = Ensemble.Scores;
        // Whole numbers are compared with float32 thresholds as float32.
        Columns = features.Type is ElementType.Int64 or ElementType.Int32 ? [.. features.Blocks.Select(b => b with { ToSingle = true })] : features.Blocks;
        var scoreRows = Add(scores.ScoreType, scores.Targets);
        if (!isClassifier)
        {
            Define(node, scoreRows);
            return;
        }
        _values[node.Outputs[0]] = Add(scores.HasTextLabels ? ElementType.Bytes : ElementType.Int64, 1) with { Rank = 1 };
        if (node.Outputs.Count > 1) _values[node.Outputs[1]] = scoreRows;
    }
}
