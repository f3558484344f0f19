using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>What flows along an edge of a graph while it runs.</summary>
internal abstract class Value
{
    /// <summary>The value's own type, with a concrete shape.</summary>
    public abstract GraphType Type { get; }

    /// <exception cref="RecordException">It is not a tensor.</exception>
    public virtual TensorValue AsTensor => throw new RecordException($"a tensor is expected, a {Type} is given");

    /// <summary>A copy that shares no memory with this one, so that it outlives the run.</summary>
    public abstract Value Copy();
}

/// <summary>An ordered list of values of one type. Immutable: operators that change a sequence make a new one that shares the items.</summary>
internal sealed class SequenceValue(GraphType item, IReadOnlyList<Value> items) : Value
{
    public IReadOnlyList<Value> Items { get; } = items;

    public GraphType ItemType { get; } = item;

    public override GraphType Type => new SequenceType(ItemType);

    public override Value Copy() => new SequenceValue(ItemType, [.. Items.Select(i => i.Copy())]);
}

/// <summary>A value or nothing.</summary>
internal sealed class OptionalValue(GraphType item, Value? content) : Value
{
    public Value? Content { get; } = content;

    public GraphType ItemType { get; } = item;

    public override GraphType Type => new OptionalType(ItemType);

    public override Value Copy() => new OptionalValue(ItemType, Content?.Copy());
}

/// <summary>Keys (a tensor [n] of integers or strings) and as many values (a tensor [n]).</summary>
internal sealed class MapValue(TensorValue keys, TensorValue values) : Value
{
    public TensorValue Keys { get; } = keys;

    public TensorValue Values { get; } = values;

    public override GraphType Type => new MapType(Keys.Element, Values.Type);

    public override Value Copy() => new MapValue((TensorValue)Keys.Copy(), (TensorValue)Values.Copy());
}
