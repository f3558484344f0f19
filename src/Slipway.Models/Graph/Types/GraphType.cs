namespace Slipway.Models.Graph;

/// <summary>What is known of a value before the graph runs.</summary>
internal abstract record GraphType
{
    public virtual TensorType AsTensor => throw new Slipway.Core.ModelException($"a tensor is expected, a {this} is given");
}

/// <summary>A tensor whose rank may be unknown (<paramref name="Shape"/> null) and whose dimensions may be symbols (see <see cref="Shape"/>).</summary>
internal sealed record TensorType(DataType Element, Shape? Shape = null) : GraphType
{
    public override TensorType AsTensor => this;

    public override string ToString() => Shape is null ? $"{Element.Text}[?]" : $"{Element.Text}{Shape}";
}

internal sealed record SequenceType(GraphType Item) : GraphType
{
    public override string ToString() => $"seq({Item})";
}

internal sealed record OptionalType(GraphType Item) : GraphType
{
    public override string ToString() => $"optional({Item})";
}

internal sealed record MapType(DataType Key, GraphType Item) : GraphType
{
    public override string ToString() => $"map({Key.Text}, {Item})";
}
