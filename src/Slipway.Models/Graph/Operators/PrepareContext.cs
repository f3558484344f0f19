namespace Slipway.Models.Graph;

/// <summary>A node's constant inputs, at load.</summary>
/// <param name="constants">By input; null where the input is not constant.</param>
internal sealed class PrepareContext(TensorValue?[] constants)
{
    private readonly bool[] _forgotten = new bool[constants.Length];

    public TensorValue? Constant(int index) => index < constants.Length ? constants[index] : null;

    /// <summary>The operator keeps what it needs of this input in a form of its own; the original need not stay in memory. <see cref="RunContext.Input"/> then has the shape, but no elements.</summary>
    public void Forget(int index) => _forgotten[index] = true;

    public bool IsForgotten(int index) => _forgotten[index];
}
