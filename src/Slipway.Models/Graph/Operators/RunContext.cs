namespace Slipway.Models.Graph;

/// <summary>One node's inputs, outputs and scratch memory in one run. Belongs to one thread at a time.</summary>
/// <param name="slots">The values of the whole graph.</param>
/// <param name="inputs">The node's inputs among them: first those of the node, then what bodies capture; -1 where none is given.</param>
/// <param name="outputs">The node's outputs among them; -1 where nobody wants one.</param>
internal sealed class RunContext(Value?[] slots, int[] inputs, int[] outputs)
{
    /// <summary>Threads that the node may use (see <c>WorkerPool</c>); results never depend on it.</summary>
    public int Threads { get; set; } = 1;

    /// <summary>What the values of the run may take; shared by all its nodes.</summary>
    public RunMemory Memory { get; init; } = new(GraphOptions.Default.MaxMemory);

    /// <summary>As many bytes as <see cref="Operator.ScratchBytes"/> asked for, aligned to 64; arbitrary contents.</summary>
    public Memory<byte> ScratchMemory { get; set; }

    public Span<byte> Scratch => ScratchMemory.Span;

    /// <summary>Tells long operators (loops) to end.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Whatever the operator wants to find again in the next run of the same shapes (a broadcast plan, a chosen algorithm): null at the first.</summary>
    public object? State { get; set; }

    private Dictionary<BoundSubgraph, BodyRuns>? _bodies;

    /// <summary>What runs of a body of this node leave for the next.</summary>
    public BodyRuns RunsOf(BoundSubgraph body)
    {
        _bodies ??= [];
        if (!_bodies.TryGetValue(body, out var runs)) _bodies[body] = runs = body.NewRuns(Memory);
        return runs;
    }

    /// <summary>Sees to it that <see cref="ScratchMemory"/> has so many bytes.</summary>
    /// <exception cref="Slipway.Core.RecordException">It is more than a run may take.</exception>
    public void RequireScratch(long bytes)
    {
        if (bytes <= ScratchMemory.Length) return;
        Memory.Grow(ScratchMemory.Length, bytes);
        ScratchMemory = AlignedMemory.Allocate(bytes);
    }

    public int InputCount => inputs.Length;

    public int OutputCount => outputs.Length;

    public bool HasInput(int index) => (uint)index < (uint)inputs.Length && inputs[index] >= 0;

    public bool HasOutput(int index) => index < outputs.Length && outputs[index] >= 0;

    public TensorValue Input(int index)
    {
        var value = slots[inputs[index]]!;
        return value as TensorValue ?? value.AsTensor;
    }

    /// <summary>A tensor input that may not be given.</summary>
    public TensorValue? OptionalInput(int index) => HasInput(index) ? Input(index) : null;

    /// <summary>Any input: a tensor, a sequence, an optional, a map.</summary>
    public Value InputValue(int index) => slots[inputs[index]]!;

    /// <summary>The tensor of an output, whose shape is set already.</summary>
    public TensorValue Output(int index) => (TensorValue)slots[outputs[index]]!;

    /// <summary>Gives an output whose shape depends on the data its shape; the elements are arbitrary. An output that nobody wants gets a tensor of its own.</summary>
    public TensorValue Allocate(int index, DataType element, params ReadOnlySpan<long> shape)
    {
        var tensor = HasOutput(index) ? slots[outputs[index]] as TensorValue : null;
        if (tensor is null)
        {
            tensor = new TensorValue(element);
            if (HasOutput(index)) slots[outputs[index]] = tensor;
        }
        Resize(tensor, element, shape);
        return tensor;
    }

    /// <summary>Gives a tensor of the operator's own another shape, and counts its memory; the elements are arbitrary afterwards.</summary>
    /// <exception cref="Slipway.Core.RecordException">It is more than a run may take.</exception>
    public void Resize(TensorValue tensor, DataType element, ReadOnlySpan<long> shape)
    {
        Memory.Grow(tensor.Capacity, Shape.CountOf(shape) * element.Width);
        tensor.Resize(element, shape);
    }

    /// <summary>
    /// Gives an output that is no tensor, or a tensor made elsewhere. It must not be changed afterwards, and tensors in it must be copies of the inputs, whose memory is used again.
    /// </summary>
    public void Set(int index, Value value)
    {
        if (HasOutput(index)) slots[outputs[index]] = value;
    }
}
