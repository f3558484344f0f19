using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>SequenceEmpty: a sequence without items (ai.onnx 11).</summary>
internal sealed class SequenceEmpty(NodeInfo node) : Operator
{
    private readonly TensorType _item = new(node.DataType("dtype", DataType.Float32));

    public override void Infer(InferenceContext context) => context.SetOutput(0, new SequenceType(_item));

    public override void Run(RunContext context) => context.Set(0, new SequenceValue(_item, []));
}

/// <summary>SequenceConstruct: a sequence of tensors (ai.onnx 11).</summary>
internal sealed class SequenceConstruct : Operator
{
    public override void Infer(InferenceContext context)
    {
        var item = context.InputType(0);
        for (var i = 1; i < context.InputCount; i++) item = TypeUnion.Of(context, item, context.InputType(i));
        if (item is TensorType { Element: DataType.Undefined }) throw new ModelException("the items of a sequence must have one element type");
        if (item is not null) context.SetOutput(0, new SequenceType(item));
    }

    public override void Run(RunContext context)
    {
        var items = new Value[context.InputCount];
        for (var i = 0; i < items.Length; i++) items[i] = context.InputValue(i).Copy();
        context.Set(0, new SequenceValue(SequenceItems.Loose(items[0].Type), items));
    }
}

/// <summary>SequenceAt: one item, counted from the end when the position is below zero (ai.onnx 11).</summary>
internal sealed class SequenceAt : Operator
{
    public override void Infer(InferenceContext context)
    {
        if (context.ItemType(0) is { } item) context.SetOutput(0, item);
    }

    public override void Run(RunContext context)
    {
        var sequence = context.Sequence(0);
        context.Set(0, sequence.Items[context.Position(1, sequence.Items.Count)]);
    }
}

/// <summary>SequenceInsert: a sequence with one item more, at the end unless a position is given (ai.onnx 11).</summary>
internal sealed class SequenceInsert : Operator
{
    public override void Infer(InferenceContext context)
    {
        if (TypeUnion.Of(context, context.ItemType(0), context.InputType(1)) is { } item) context.SetOutput(0, new SequenceType(item));
        else if (context.InputType(0) is { } type) context.SetOutput(0, type);
    }

    public override void Run(RunContext context)
    {
        var sequence = context.Sequence(0);
        var item = context.InputValue(1).Copy();
        if (SequenceItems.Loose(item.Type) is var type && !type.Equals(SequenceItems.Loose(sequence.ItemType))) throw new RecordException($"a {type} cannot be an item of a {sequence.Type}");
        var items = new List<Value>(sequence.Items.Count + 1);
        items.AddRange(sequence.Items);
        items.Insert(context.HasInput(2) ? PlaceOf(context, items.Count) : items.Count, item);
        context.Set(0, new SequenceValue(SequenceItems.Loose(sequence.ItemType), items));
    }

    private static int PlaceOf(RunContext context, int count)
    {
        var place = context.Input(2).Count == 1 ? context.Input(2).IntAt(0) : throw new RecordException($"the position must be one number, it is {context.Input(2).Type}");
        return place < -count || place > count ? throw new RecordException($"position {place} is outside of a sequence of {count} items") : (int)(place < 0 ? place + count : place);
    }
}

/// <summary>SequenceErase: a sequence without one of its items, the last unless a position is given (ai.onnx 11).</summary>
internal sealed class SequenceErase : Operator
{
    public override void Infer(InferenceContext context)
    {
        if (context.ItemType(0) is { } item) context.SetOutput(0, new SequenceType(item));
    }

    public override void Run(RunContext context)
    {
        var sequence = context.Sequence(0);
        if (sequence.Items.Count == 0) throw new RecordException("the sequence has no item to erase");
        var items = new List<Value>(sequence.Items);
        items.RemoveAt(context.HasInput(1) ? context.Position(1, items.Count) : items.Count - 1);
        context.Set(0, new SequenceValue(sequence.ItemType, items));
    }
}

/// <summary>SequenceLength: the number of items as an int64 scalar (ai.onnx 11).</summary>
internal sealed class SequenceLength : Operator
{
    public override void Infer(InferenceContext context) => context.SetOutput(0, DataType.Int64, Shape.Scalar);

    public override void Run(RunContext context) => context.Output(0).Values<long>()[0] = context.Sequence(0).Items.Count;
}
