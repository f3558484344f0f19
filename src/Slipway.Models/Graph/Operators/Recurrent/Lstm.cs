using System.Numerics;
using System.Numerics.Tensors;

namespace Slipway.Models.Graph;

/// <summary>
/// LSTM, gates in the order input, output, forget, cell: C = f∘C + i∘c, H = o∘h(C). Peepholes let the gates see the cell's state; with input_forget f is 1 − i.
/// </summary>
internal sealed class Lstm(NodeInfo node) : RecurrentOperator(node, 4, "Sigmoid", "Tanh", "Tanh")
{
    private readonly bool _couplesGates = node.Flag("input_forget");

    protected override ReadOnlySpan<int> RecurrentParts => [4];

    protected override void Step<T>(ref RecurrentPass<T> pass)
    {
        if (IsPlain(pass)) StepPlain(ref pass);
        else StepByGates(ref pass);
    }

    private bool IsPlain<T>(in RecurrentPass<T> pass) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        !_couplesGates && pass.Peepholes.IsEmpty && pass.Clip == T.Zero && pass.Activations is [{ Function: RecurrentFunction.Sigmoid }, { Function: RecurrentFunction.Tanh }, { Function: RecurrentFunction.Tanh }];

    private static void StepPlain<T>(ref RecurrentPass<T> pass) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var width = pass.Sizes.Width;
        pass.Recurrent.Multiply(pass.Sizes.Batch, pass.State, pass.GateRows, width, default, pass.Threads);
        for (var row = 0; row < pass.Sizes.Batch; row++)
        {
            if (pass.IsActive(row)) LstmCells.Step(pass.GatesOf(row), pass.Contribution.Slice(row * width, width), pass.CellStateOf(row), pass.StateOf(row));
        }
    }

    private void StepByGates<T>(ref RecurrentPass<T> pass) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        pass.MultiplyState();
        var n = pass.Sizes.Hidden;
        for (var row = 0; row < pass.Sizes.Batch; row++)
        {
            if (!pass.IsActive(row)) continue;
            var gates = pass.GatesOf(row);
            Span<T> input = gates[..n], output = gates.Slice(n, n), forget = gates.Slice(2 * n, n), cell = gates.Slice(3 * n, n);
            var memory = pass.CellStateOf(row);
            if (pass.Peepholes.IsEmpty) pass.Activate(0, gates[..(3 * n)]);
            else
            {
                TensorPrimitives.MultiplyAdd(pass.Peepholes[..n], memory, input, input);
                TensorPrimitives.MultiplyAdd(pass.Peepholes.Slice(2 * n, n), memory, forget, forget);
                pass.Activate(0, input);
                pass.Activate(0, forget);
            }
            if (_couplesGates) TensorPrimitives.Subtract(T.One, input, forget);
            pass.Activate(1, cell);
            TensorPrimitives.Multiply(input, cell, input);
            TensorPrimitives.MultiplyAdd(forget, memory, input, memory);
            if (!pass.Peepholes.IsEmpty)
            {
                TensorPrimitives.MultiplyAdd(pass.Peepholes.Slice(n, n), memory, output, output);
                pass.Activate(0, output);
            }
            memory.CopyTo(cell);
            pass.Activate(2, cell);
            TensorPrimitives.Multiply(output, cell, pass.StateOf(row));
        }
    }
}
