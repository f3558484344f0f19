using System.Numerics;
using System.Numerics.Tensors;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>One direction of a recurrent operator over whole sequences. A cell computes a step from the state and what the inputs contribute.</summary>
internal ref struct RecurrentPass<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Those of the rows here.</summary>
    public required RecurrentSizes Sizes { get; init; }

    /// <summary>Rows of the whole batch.</summary>
    public required int AllRows { get; init; }

    /// <summary>Where the rows here begin in the batch.</summary>
    public int FirstRow { get; init; }

    public required ReadOnlySpan<RecurrentActivation> Activations { get; init; }

    /// <summary>Gates are kept within ± this before they are activated; 0 for no bound.</summary>
    public required T Clip { get; init; }

    public required int Threads { get; init; }

    /// <summary>The weights of the state, in the parts of the cell.</summary>
    public required RecurrentMatrix<T> Recurrent { get; init; }

    /// <summary>The second part, of cells that have two.</summary>
    public required RecurrentMatrix<T> RecurrentRest { get; init; }

    /// <summary>[gates · hidden]; empty without one.</summary>
    public required ReadOnlySpan<T> RecurrentBias { get; init; }

    /// <summary>[3 · hidden]; empty without them.</summary>
    public required ReadOnlySpan<T> Peepholes { get; init; }

    /// <summary>What all inputs contribute, of the whole batch: [length, all rows, gates · hidden].</summary>
    public required ReadOnlySpan<T> Contributions { get; init; }

    /// <summary>[batch, gates · hidden], for contributions of different times.</summary>
    public required Span<T> Gathered { get; init; }

    /// <summary>What the inputs of the step contribute to the gates, with the biases that are added before everything else: [batch, gates · hidden].</summary>
    public ReadOnlySpan<T> Contribution { get; set; }

    /// <summary>[batch, gates · hidden], for the cell.</summary>
    public required Span<T> GateRows { get; init; }

    /// <summary>[batch, hidden].</summary>
    public required Span<T> State { get; init; }

    /// <summary>[batch, hidden], of cells that have it.</summary>
    public required Span<T> CellState { get; init; }

    /// <summary>[batch, hidden], for the cell.</summary>
    public required Span<T> Spare { get; init; }

    /// <summary>How long sequences are; empty when all have the full length.</summary>
    public required ReadOnlySpan<int> Lengths { get; init; }

    /// <summary>The step, counted from the first that is computed.</summary>
    public int Step { get; set; }

    /// <summary>Sequences that have ended keep their state.</summary>
    public readonly bool IsActive(int row) => Lengths.IsEmpty || Step < Lengths[row];

    public readonly Span<T> StateOf(int row) => State.Slice(row * Sizes.Hidden, Sizes.Hidden);

    public readonly Span<T> CellStateOf(int row) => CellState.Slice(row * Sizes.Hidden, Sizes.Hidden);

    public readonly Span<T> GatesOf(int row) => GateRows.Slice(row * Sizes.Width, Sizes.Width);

    /// <summary>Bounds a gate and activates it.</summary>
    public readonly void Activate(int function, Span<T> gate)
    {
        if (Clip > T.Zero)
        {
            TensorPrimitives.Max(gate, -Clip, gate);
            TensorPrimitives.Min(gate, Clip, gate);
        }
        Activations[function].Apply(gate);
    }

    /// <summary>GateRows = State · weightsᵀ + Contribution, of all gates.</summary>
    public readonly void MultiplyState() =>
        Recurrent.Multiply(Sizes.Batch, State, GateRows, Sizes.Width, new GemmEpilogue<T> { Residual = Contribution, ResidualRowStride = Sizes.Width }, Threads);
}
