using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>What a model file says (stage <i>read</i>): names and messages, nothing resolved yet.</summary>
/// <param name="Format">The file format, as <see cref="Slipway.Core.ModelDescription.Format"/> names it.</param>
/// <param name="OperatorSets">The version of each operator set, by domain; "" is ai.onnx.</param>
/// <param name="Functions">Functions of the model itself, by domain and name (and overload).</param>
/// <param name="Symbols">Names of the symbolic dimensions: dimension -k of any shape in the file is called <c>Symbols[k - 1]</c>; empty where the file gives no name.</param>
internal sealed record ModelDefinition(
    string Format,
    GraphDefinition Graph,
    IReadOnlyDictionary<string, long> OperatorSets,
    ImmutableArray<FunctionDefinition> Functions,
    ModelMetadata Metadata,
    ImmutableArray<string> Symbols);

/// <summary>Who made the model. <paramref name="Properties"/> are the author's own pairs.</summary>
internal sealed record ModelMetadata(
    long IrVersion, string Producer, string ProducerVersion, string Domain, long ModelVersion, string Description, ImmutableArray<KeyValuePair<string, string>> Properties);

/// <summary>A graph or the body of a control-flow operator.</summary>
/// <param name="Initializers">Constants by name. A name that is also an input gives that input a default.</param>
/// <param name="Inputs">In order; a type may be missing in bodies.</param>
/// <param name="Values">What the file says of inner values; hints only.</param>
internal sealed record GraphDefinition(
    string Name,
    ImmutableArray<NodeDefinition> Nodes,
    ImmutableArray<ValueDefinition> Inputs,
    ImmutableArray<ValueDefinition> Outputs,
    ImmutableArray<InitializerDefinition> Initializers,
    ImmutableArray<ValueDefinition> Values);

/// <param name="Inputs">Names; empty for an optional input that is not given.</param>
internal sealed record NodeDefinition(
    string Name,
    string Domain,
    string Operator,
    string Overload,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs,
    ImmutableArray<AttributeDefinition> Attributes)
{
    /// <summary>For messages: <c>node 'conv1' (Conv)</c>.</summary>
    public override string ToString() => Name.Length > 0 ? $"node '{Name}' ({Qualified})" : Outputs.Length > 0 ? $"the node of '{Outputs[0]}' ({Qualified})" : $"a node ({Qualified})";

    public string Qualified => Domain.Length == 0 ? Operator : $"{Domain}::{Operator}";
}

/// <param name="Type">Null when the file does not say. Named dimensions are the same symbol wherever the name occurs in a model.</param>
internal sealed record ValueDefinition(string Name, GraphType? Type);

internal sealed record InitializerDefinition(string Name, TensorValue Tensor);

/// <summary>A function: a graph whose inputs are untyped, with attributes that its nodes refer to (<see cref="AttributeReference"/>).</summary>
internal sealed record FunctionDefinition(
    string Domain,
    string Name,
    string Overload,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs,
    ImmutableArray<string> Attributes,
    ImmutableArray<AttributeDefinition> DefaultAttributes,
    ImmutableArray<NodeDefinition> Nodes,
    IReadOnlyDictionary<string, long> OperatorSets);

/// <summary>An attribute of a node.</summary>
/// <param name="Value">
/// <see cref="long"/>, <see cref="float"/>, <see cref="string"/> (bytes decoded as UTF-8), <see cref="TensorValue"/>, <see cref="GraphDefinition"/>, <see cref="GraphType"/>,
/// <see cref="ImmutableArray{T}"/> of these, a <see cref="SparseTensor"/>, or an <see cref="AttributeReference"/>.
/// </param>
internal sealed record AttributeDefinition(string Name, object Value);

/// <summary>Inside of a function: the attribute of that name of the calling node.</summary>
internal sealed record AttributeReference(string Name);

/// <summary>Non-zero elements: values [n] and their positions, [n] in row-major order or [n, rank].</summary>
internal sealed record SparseTensor(TensorValue Values, TensorValue Indices, Shape Shape);
