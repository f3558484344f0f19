using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// Infers the shapes of a step's outputs while the graph runs, when all inputs are there. Inputs like those of the run before, in all that the operator asked for,
/// give the same shapes: then nothing is inferred, and nothing allocated.
/// </summary>
/// <param name="slots">The values of the run.</param>
/// <param name="own">The tensors that the plan owns, by slot: what operators set elsewhere is not written into.</param>
/// <param name="expected">What the plan was made for, by slot.</param>
/// <param name="memory">Counts what the outputs take.</param>
internal sealed class DynamicInference(BoundNode node, Value?[] slots, TensorValue?[] own, GraphType?[] expected, SymbolSource symbols, RunMemory memory) : InferenceContext
{
    private readonly InputMemory[] _last = CreateMemories(node.Inputs.Length);
    private readonly GraphType?[] _outputs = new GraphType?[node.Outputs.Length];
    private bool _isKnown;

    public override int InputCount => node.Inputs.Length;

    public override int OutputCount => node.Outputs.Length;

    public override bool HasInput(int index) => (uint)index < (uint)node.Inputs.Length && node.Inputs[index] >= 0;

    public override bool HasOutput(int index) => index < node.Outputs.Length && node.Outputs[index] >= 0;

    public override GraphType? InputType(int index) => HasInput(index) ? slots[node.Inputs[index]]!.Type : null;

    public override Value? ConstantValue(int index)
    {
        if (!HasInput(index)) return null;
        _last[index].NeedElements();
        return slots[node.Inputs[index]];
    }

    public override long[]? Dimensions(int index)
    {
        if (ConstantValue(index) is not TensorValue { Rank: <= 1, Element: DataType.Int64 or DataType.Int32 } tensor) return null;
        var values = tensor.ToInts();
        return Array.Exists(values, v => v < 0) ? null : values;
    }

    public override SymbolSource Symbols => symbols;

    public override void SetOutputDimensions(int index, ReadOnlySpan<long> dimensions) { }

    public override void SetOutput(int index, GraphType type)
    {
        if (!HasOutput(index)) return;
        _outputs[index] = type;
        Give(node.Outputs[index], type);
    }

    /// <summary>Later nodes were planned for the shapes that were known: what came must have them, whatever a file said.</summary>
    /// <exception cref="RecordException">An output has another shape or type.</exception>
    public void Verify()
    {
        foreach (var output in node.Outputs)
        {
            if (output < 0 || expected[output] is not TensorType { Shape: { IsConcrete: true } shape } type) continue;
            if (slots[output] is not TensorValue tensor || tensor.Element != type.Element || !shape.Span.SequenceEqual(tensor.Shape)) throw new RecordException($"{slots[output]?.Type} was computed, the model says {type}");
        }
    }

    /// <summary>Gives the outputs their shapes.</summary>
    /// <returns>False when they are those of the run before, because the inputs are.</returns>
    /// <exception cref="RecordException">The inputs do not fit.</exception>
    public bool Run(RunContext context)
    {
        var shapesItself = node.Operator.ShapesOutputs(context);
        if (shapesItself || (_isKnown && IsRepeated()))
        {
            for (var i = 0; i < _outputs.Length; i++)
            {
                if (HasOutput(i) && (shapesItself ? expected[node.Outputs[i]] : _outputs[i]) is { } type) Give(node.Outputs[i], type);
            }
            return false;
        }
        _isKnown = false;
        foreach (var input in _last) input.Forget();
        Array.Clear(_outputs);
        try
        {
            node.Operator.Infer(this);
        }
        catch (ModelException e)
        {
            throw new RecordException(e.Message, e);
        }
        _isKnown = Remember();
        return true;
    }

    private void Give(int output, GraphType type)
    {
        slots[output] = null;
        if (type is not TensorType tensor) return;
        var place = own[output] ??= new TensorValue(tensor.Element);
        slots[output] = place;
        if (tensor.Shape is not { IsConcrete: true } shape) return;
        memory.Grow(place.Capacity, shape.Count * tensor.Element.Width);
        place.Resize(tensor.Element, shape.Span);
    }

    private bool IsRepeated()
    {
        for (var i = 0; i < _last.Length; i++)
        {
            if (HasInput(i) && !_last[i].Equals(slots[node.Inputs[i]]!)) return false;
        }
        return true;
    }

    private bool Remember()
    {
        for (var i = 0; i < _last.Length; i++)
        {
            if (HasInput(i) && !_last[i].Remember(slots[node.Inputs[i]]!)) return false;
        }
        return true;
    }

    private static InputMemory[] CreateMemories(int count)
    {
        var memories = new InputMemory[count];
        for (var i = 0; i < count; i++) memories[i] = new InputMemory();
        return memories;
    }

    /// <summary>What the last inference knew of an input.</summary>
    private sealed class InputMemory
    {
        /// <summary>Inputs of more bytes are not remembered: shapes, axes and sizes are few.</summary>
        private const int MostBytes = 1024;

        private readonly TensorValue _value = new(DataType.Float32);
        private bool _needsElements;

        public void Forget() => _needsElements = false;

        public void NeedElements() => _needsElements = true;

        /// <returns>False when it cannot be compared with later ones.</returns>
        public bool Remember(Value value)
        {
            if (value is not TensorValue tensor || tensor.Element == DataType.String || (_needsElements && tensor.Bytes.Length > MostBytes)) return false;
            if (_needsElements) _value.CopyFrom(tensor);
            else _value.Declare(tensor.Element, tensor.Shape);
            return true;
        }

        public bool Equals(Value value) =>
            value is TensorValue tensor && tensor.Element == _value.Element && tensor.Shape.SequenceEqual(_value.Shape) && (!_needsElements || tensor.Bytes.SequenceEqual(_value.Bytes));
    }
}
