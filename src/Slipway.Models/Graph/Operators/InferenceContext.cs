using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>What is known of a node's inputs, and where its outputs' types go. See <see cref="Operator.Infer"/>.</summary>
internal abstract class InferenceContext
{
    public abstract int InputCount { get; }

    public abstract int OutputCount { get; }

    public abstract bool HasInput(int index);

    public abstract bool HasOutput(int index);

    /// <summary>The type of an input; null when the input is not given or nothing is known of it yet.</summary>
    public abstract GraphType? InputType(int index);

    /// <summary>The elements of an input when they are known already; else null.</summary>
    public abstract Value? ConstantValue(int index);

    /// <summary>The elements of a vector or scalar of integers as far as they are known: below zero they are symbols, as in <see cref="Shape"/>. Null when nothing is known.</summary>
    public abstract long[]? Dimensions(int index);

    /// <summary>Where symbols come from.</summary>
    public abstract SymbolSource Symbols { get; }

    /// <summary>A symbol of its own.</summary>
    public long NewSymbol() => Symbols.Next();

    public abstract void SetOutput(int index, GraphType type);

    /// <summary>States the elements of an output [n] or [] of int64 as far as they are known: makes Shape → Gather → Concat → Reshape chains transparent.</summary>
    public abstract void SetOutputDimensions(int index, ReadOnlySpan<long> dimensions);

    /// <summary>Shared by a walk and those of the bodies in it.</summary>
    public virtual InferenceBudget Budget { get; } = new();

    public TensorValue? Constant(int index) => ConstantValue(index) as TensorValue;

    /// <summary>The element type of a tensor input; <see cref="DataType.Undefined"/> when nothing is known yet.</summary>
    public DataType Element(int index) => InputType(index) is { } type ? Tensor(type, index).Element : DataType.Undefined;

    /// <summary>The shape of a tensor input; null when its rank is not known.</summary>
    public Shape? Shape(int index) => InputType(index) is { } type ? Tensor(type, index).Shape : null;

    /// <summary>The rank of a tensor input; -1 when not known.</summary>
    public int Rank(int index) => Shape(index)?.Rank ?? -1;

    public void SetOutput(int index, DataType element, Shape? shape)
    {
        if (HasOutput(index)) SetOutput(index, new TensorType(element, shape));
    }

    public void SetOutput(int index, DataType element, params ReadOnlySpan<long> shape) => SetOutput(index, element, Graph.Shape.Of(shape));

    /// <summary>A shape of so many dimensions of which nothing is known.</summary>
    public Shape UnknownShape(int rank)
    {
        var dimensions = new long[rank];
        for (var i = 0; i < rank; i++) dimensions[i] = NewSymbol();
        return Graph.Shape.Of(dimensions);
    }

    /// <summary>Counts a negative axis from the end.</summary>
    /// <exception cref="ModelException">There is no such axis.</exception>
    public static int Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw new ModelException($"axis {axis} is outside of a tensor of rank {rank}");

    /// <summary>Multidirectional broadcasting (https://onnx.ai/onnx/repo-docs/Broadcasting.html); null when either rank is not known.</summary>
    /// <exception cref="ModelException">The shapes do not fit.</exception>
    public Shape? Broadcast(Shape? a, Shape? b)
    {
        if (a is null || b is null) return null;
        var dimensions = new long[Math.Max(a.Rank, b.Rank)];
        for (var i = 1; i <= dimensions.Length; i++)
        {
            var x = i <= a.Rank ? a[a.Rank - i] : 1;
            var y = i <= b.Rank ? b[b.Rank - i] : 1;
            dimensions[^i] = x == y || y == 1 ? x
                : x == 1 ? y
                : x >= 0 && y >= 0 ? throw new ModelException($"shapes {a} and {b} cannot be broadcast")
                : Math.Max(x, y) > 1 ? Math.Max(x, y)
                : x < 0 && y < 0 ? Symbols.Broadcast(x, y)
                : NewSymbol();
        }
        return Graph.Shape.Of(dimensions);
    }

    private static TensorType Tensor(GraphType type, int index) => type as TensorType ?? throw new ModelException($"input {index} must be a tensor, it is {type}");
}
