namespace Slipway.Models.Graph;

/// <summary>A node's constant inputs, at load.</summary>
/// <param name="constants">By input; null where the input is not constant.</param>
/// <param name="shapes">By input: what every run's input has; null where that is not certain.</param>
/// <param name="given">By input: false where the node has none.</param>
internal sealed class PrepareContext(TensorValue?[] constants, Shape?[] shapes, bool[] given)
{
    private readonly bool[] _forgotten = new bool[constants.Length];

    public int InputCount => constants.Length;

    public bool HasInput(int index) => index < given.Length && given[index];

    /// <summary>The elements of an input that is the same in every run; else null.</summary>
    public TensorValue? Constant(int index) => index < constants.Length ? constants[index] : null;

    /// <summary>The shape of an input in every run, as far as it is known; else null.</summary>
    public Shape? Shape(int index) => index < shapes.Length ? shapes[index] : null;

    /// <summary>The operator keeps what it needs of this input in a form of its own; the original need not stay in memory. <see cref="RunContext.Input"/> then has the shape, but no elements.</summary>
    public void Forget(int index) => _forgotten[index] = true;

    public bool IsForgotten(int index) => _forgotten[index];

    /// <summary>The same node with its constants in another form.</summary>
    public PrepareContext With(TensorValue?[] others) => new(others, shapes, given);
}
