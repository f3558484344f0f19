using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Infers the shapes of a step's outputs while the graph runs, when all inputs are there.</summary>
/// <param name="slots">The values of the run.</param>
/// <param name="own">The tensors that the plan owns, by slot: what operators set elsewhere is not written into.</param>
/// <param name="expected">What the plan was made for, by slot.</param>
/// <param name="maxMemory">Bytes that a tensor may take.</param>
internal sealed class DynamicInference(BoundNode node, Value?[] slots, TensorValue?[] own, GraphType?[] expected, SymbolSource symbols, long maxMemory) : InferenceContext
{
    public override int InputCount => node.Inputs.Length;

    public override int OutputCount => node.Outputs.Length;

    public override bool HasInput(int index) => (uint)index < (uint)node.Inputs.Length && node.Inputs[index] >= 0;

    public override bool HasOutput(int index) => index < node.Outputs.Length && node.Outputs[index] >= 0;

    public override GraphType? InputType(int index) => HasInput(index) ? slots[node.Inputs[index]]!.Type : null;

    public override Value? ConstantValue(int index) => HasInput(index) ? slots[node.Inputs[index]] : null;

    public override long[]? Dimensions(int index)
    {
        if (!HasInput(index) || slots[node.Inputs[index]] is not TensorValue { Rank: <= 1, Element: DataType.Int64 or DataType.Int32 } tensor) return null;
        var values = tensor.ToInts();
        return Array.Exists(values, v => v < 0) ? null : values;
    }

    public override long NewSymbol() => symbols.Next();

    public override void SetOutputDimensions(int index, ReadOnlySpan<long> dimensions) { }

    public override void SetOutput(int index, GraphType type)
    {
        if (!HasOutput(index)) return;
        var output = node.Outputs[index];
        slots[output] = null;
        if (type is not TensorType tensor) return;
        slots[output] = own[output] ??= new TensorValue(tensor.Element);
        if (tensor.Shape is not { IsConcrete: true } shape) return;
        if (shape.Count * tensor.Element.Width > maxMemory) throw new RecordException($"a tensor {tensor} takes more than {maxMemory} bytes");
        own[output]!.Resize(tensor.Element, shape.Span);
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

    /// <exception cref="RecordException">The inputs do not fit.</exception>
    public void Run()
    {
        try
        {
            node.Operator.Infer(this);
        }
        catch (ModelException e)
        {
            throw new RecordException(e.Message, e);
        }
    }
}
