using System.Collections.Immutable;
using Slipway.Models.Graph;

namespace Slipway.Conformance.Onnx;

/// <summary>What the judging of a model depends on, found in its nodes, those of its bodies and of its functions.</summary>
internal sealed class ModelTraits
{
    private static readonly HashSet<string> Random = ["Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"];

    private readonly SortedSet<string> _operators = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorValue> _constants = new(StringComparer.Ordinal);
    private readonly List<NodeDefinition> _dropouts = [];

    public ModelTraits(ModelDefinition model)
    {
        Add(model.Graph);
        foreach (var function in model.Functions) Add(function.Nodes);
    }

    /// <summary>The operators of the model, in the order of the alphabet.</summary>
    public IReadOnlyCollection<string> Operators => _operators;

    /// <summary>A domain of training or of previews that a node is of; null when none is.</summary>
    public string? RefusedDomain { get; private set; }

    /// <summary>True when outputs are drawn at random, so that only their types and shapes can be expected.</summary>
    /// <param name="inputs">What the model is run on: they can switch training on.</param>
    public bool IsRandom(IReadOnlyDictionary<string, Value> inputs) => _operators.Overlaps(Random) || _dropouts.Any(d => Drops(d, inputs));

    /// <summary>Dropout drops in training mode, unless nothing is to be dropped.</summary>
    private bool Drops(NodeDefinition dropout, IReadOnlyDictionary<string, Value> inputs)
    {
        if (dropout.Inputs.Length < 3 || dropout.Inputs[2].Length == 0) return false;
        return ValueOf(dropout.Inputs[2]) is not { Count: 1 } training
            || (training.Bytes[0] != 0 && !(ValueOf(dropout.Inputs[1]) is { Count: 1 } ratio && ElementNumbers.Of(ratio)[0] == 0));

        TensorValue? ValueOf(string name) => inputs.GetValueOrDefault(name) as TensorValue ?? _constants.GetValueOrDefault(name);
    }

    private void Add(GraphDefinition graph)
    {
        foreach (var initializer in graph.Initializers) _constants[initializer.Name] = initializer.Tensor;
        Add(graph.Nodes);
    }

    private void Add(ImmutableArray<NodeDefinition> nodes)
    {
        foreach (var node in nodes)
        {
            _operators.Add(node.Qualified);
            if (node.Domain.StartsWith("ai.onnx.preview", StringComparison.Ordinal) || node.Domain.StartsWith("ai.onnx.training", StringComparison.Ordinal)) RefusedDomain ??= node.Domain;
            if (node.Operator == "Dropout") _dropouts.Add(node);
            foreach (var attribute in node.Attributes)
            {
                switch (attribute.Value)
                {
                    case GraphDefinition body: Add(body); break;
                    case ImmutableArray<GraphDefinition> bodies:
                        foreach (var body in bodies) Add(body);
                        break;
                    case TensorValue tensor when node.Operator == "Constant" && node.Outputs.Length == 1: _constants[node.Outputs[0]] = tensor; break;
                }
            }
        }
    }
}
