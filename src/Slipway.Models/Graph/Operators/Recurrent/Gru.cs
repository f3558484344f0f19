using System.Numerics.Tensors;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// GRU, gates in the order update, reset, hidden: H = (1 − z)∘h + z∘H, with h = g(X·Whᵀ + (r∘H)·Rhᵀ + Wbh + Rbh), or with linear_before_reset
/// h = g(X·Whᵀ + r∘(H·Rhᵀ + Rbh) + Wbh).
/// </summary>
internal sealed class Gru(NodeInfo node) : RecurrentOperator(node, 3, "Sigmoid", "Tanh")
{
    private readonly bool _isLinear = node.Flag("linear_before_reset");

    protected override ReadOnlySpan<int> RecurrentParts => _isLinear ? [3] : [2, 1];

    protected override bool AddsRecurrentBias => !_isLinear;

    protected override void Step<T>(ref RecurrentPass<T> pass)
    {
        if (_isLinear) StepLinear(ref pass);
        else StepReset(ref pass);
    }

    private static void StepLinear<T>(ref RecurrentPass<T> pass) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var (n, width) = (pass.Sizes.Hidden, pass.Sizes.Width);
        pass.Recurrent.Multiply(pass.Sizes.Batch, pass.State, pass.GateRows, width, pass.RecurrentBias.IsEmpty ? default : GemmEpilogue<T>.PerColumn(pass.RecurrentBias), pass.Threads);
        for (var row = 0; row < pass.Sizes.Batch; row++)
        {
            if (!pass.IsActive(row)) continue;
            var gates = pass.GatesOf(row);
            var contribution = pass.Contribution.Slice(row * width, width);
            Span<T> both = gates[..(2 * n)], reset = gates.Slice(n, n), hidden = gates.Slice(2 * n, n);
            TensorPrimitives.Add(both, contribution[..(2 * n)], both);
            pass.Activate(0, both);
            TensorPrimitives.MultiplyAdd(reset, hidden, contribution[(2 * n)..], hidden);
            Blend(pass, row, gates[..n], hidden);
        }
    }

    private static void StepReset<T>(ref RecurrentPass<T> pass) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var (n, width, batch) = (pass.Sizes.Hidden, pass.Sizes.Width, pass.Sizes.Batch);
        pass.Recurrent.Multiply(batch, pass.State, pass.GateRows, width, new GemmEpilogue<T> { Residual = pass.Contribution, ResidualRowStride = width }, pass.Threads);
        for (var row = 0; row < batch; row++)
        {
            var both = pass.GatesOf(row)[..(2 * n)];
            pass.Activate(0, both);
            TensorPrimitives.Multiply(both[n..], pass.StateOf(row), pass.Spare.Slice(row * n, n));
        }
        pass.RecurrentRest.Multiply(batch, pass.Spare, pass.GateRows[(2 * n)..], width, new GemmEpilogue<T> { Residual = pass.Contribution[(2 * n)..], ResidualRowStride = width }, pass.Threads);
        for (var row = 0; row < batch; row++)
        {
            if (pass.IsActive(row)) Blend(pass, row, pass.GatesOf(row)[..n], pass.GatesOf(row).Slice(2 * n, n));
        }
    }

    private static void Blend<T>(in RecurrentPass<T> pass, int row, Span<T> update, Span<T> hidden) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        pass.Activate(1, hidden);
        var state = pass.StateOf(row);
        TensorPrimitives.Multiply(update, state, state);
        TensorPrimitives.Subtract(T.One, update, update);
        TensorPrimitives.MultiplyAdd(update, hidden, state, state);
    }
}
