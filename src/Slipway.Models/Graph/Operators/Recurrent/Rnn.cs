namespace Slipway.Models.Graph;

/// <summary>RNN: Hₜ = f(Xₜ·Wᵀ + Hₜ₋₁·Rᵀ + Wb + Rb).</summary>
internal sealed class Rnn(NodeInfo node) : RecurrentOperator(node, 1, "Tanh")
{
    protected override ReadOnlySpan<int> RecurrentParts => [1];

    protected override void Step<T>(ref RecurrentPass<T> pass)
    {
        pass.MultiplyState();
        for (var row = 0; row < pass.Sizes.Batch; row++)
        {
            if (!pass.IsActive(row)) continue;
            var state = pass.GatesOf(row);
            pass.Activate(0, state);
            state.CopyTo(pass.StateOf(row));
        }
    }
}
