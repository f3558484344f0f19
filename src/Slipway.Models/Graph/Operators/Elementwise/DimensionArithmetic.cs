using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Arithmetic on shapes that are partly known, so that computed shapes stay known: sizes below zero are symbols.</summary>
internal static class DimensionArithmetic
{
    /// <summary>States the elements of output 0 of an operation on two integers or vectors of them, where they follow.</summary>
    public static void State<TOperation>(InferenceContext context) where TOperation : INumberOperation
    {
        if (context.Element(0) != DataType.Int64 || context.Rank(0) is not (0 or 1) || context.Rank(1) is not (0 or 1)) return;
        if (context.Dimensions(0) is not { } a || context.Dimensions(1) is not { } b) return;
        if (HasNegative(context.Constant(0)) || HasNegative(context.Constant(1))) return;
        if (a.Length != b.Length && a.Length != 1 && b.Length != 1) return;
        var result = new long[a.Length == 1 ? b.Length : a.Length];
        for (var i = 0; i < result.Length; i++)
        {
            if (Of<TOperation>(context, a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]) is not { } value) return;
            result[i] = value;
        }
        context.SetOutputDimensions(0, result);
    }

    /// <summary>Null when the result cannot be stated: it may be below zero, or the operation fails.</summary>
    private static long? Of<TOperation>(InferenceContext context, long a, long b) where TOperation : INumberOperation
    {
        if (a >= 0 && b >= 0)
        {
            if (b == 0 && (typeof(TOperation) == typeof(NumberOperations.Divide) || typeof(TOperation) == typeof(NumberOperations.Modulo) || typeof(TOperation) == typeof(NumberOperations.Remainder))) return null;
            var value = TOperation.Of(a, b);
            return value < 0 ? null : value;
        }
        if (typeof(TOperation) == typeof(NumberOperations.Add)) return context.Symbols.Sum(a, b);
        if (typeof(TOperation) == typeof(NumberOperations.Multiply)) return a == 1 ? b : b == 1 ? a : a == 0 || b == 0 ? 0 : context.NewSymbol();
        if (typeof(TOperation) == typeof(NumberOperations.Divide)) return b == 1 ? a : b == 0 ? null : context.NewSymbol();
        if (typeof(TOperation) == typeof(NumberOperations.Subtract)) return b == 0 ? a : a == b ? 0 : context.Symbols.Difference(a, b);
        return null;
    }

    private static bool HasNegative(TensorValue? constant)
    {
        if (constant is null) return false;
        for (var i = 0; i < constant.Count; i++)
        {
            if (constant.IntAt(i) < 0) return true;
        }
        return false;
    }
}
