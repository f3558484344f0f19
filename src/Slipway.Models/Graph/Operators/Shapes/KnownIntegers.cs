using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>What is known of integers that are inputs: shapes, axes, positions, counts.</summary>
internal static class KnownIntegers
{
    extension(InferenceContext context)
    {
        /// <summary>The elements of an integer input when all are known; else null.</summary>
        /// <param name="orFloats">Whole numbers may be given as floats, as the first versions of some operators ask for.</param>
        public long[]? Integers(int index, bool orFloats = false)
        {
            if (!context.HasInput(index)) return null;
            if (context.Constant(index) is { } constant)
            {
                return WholeNumbers(constant, orFloats) ?? throw new ModelException($"input {index} must be integers, it is {constant.Type}");
            }
            if (context.Dimensions(index) is not { } dimensions) return null;
            foreach (var dimension in dimensions)
            {
                if (dimension < 0) return null;
            }
            return dimensions;
        }

        /// <summary>
        /// The elements of an integer input as sizes: below zero they are symbols. A constant below zero is no size; it becomes a symbol of its own, so that it is never taken for one of the others.
        /// </summary>
        public long[]? Sizes(int index, bool orFloats = false)
        {
            if (!context.HasInput(index)) return null;
            if (context.Constant(index) is not { } constant) return context.Dimensions(index);
            if (constant.Rank > 1 || WholeNumbers(constant, orFloats) is not { } sizes) return null;
            for (var i = 0; i < sizes.Length; i++)
            {
                if (sizes[i] < 0) sizes[i] = context.NewSymbol();
            }
            return sizes;
        }

        /// <summary>How many elements an input has that must be a vector; -1 when that is not known.</summary>
        public int VectorLength(int index)
        {
            if (context.Shape(index) is not { } shape) return -1;
            if (shape.Rank > 1) throw new ModelException($"input {index} must be a vector, its shape is {shape}");
            return shape.Rank == 0 ? 1 : shape[0] is >= 0 and <= MaxRank ? (int)shape[0] : shape[0] < 0 ? -1 : throw new ModelException($"input {index} has {shape[0]} elements, tensors have at most {MaxRank} dimensions");
        }

        /// <summary>The shape of a tensor of rank <paramref name="rank"/>.</summary>
        /// <exception cref="ModelException">The rank is another.</exception>
        public Shape? ShapeOfRank(int index, int rank)
        {
            var shape = context.Shape(index);
            if (shape is not null && shape.Rank != rank) throw new ModelException($"input {index} must have {rank} dimensions, its shape is {shape}");
            return shape;
        }

        /// <summary>The product of sizes, as a symbol when it is not known.</summary>
        public long Product(ReadOnlySpan<long> sizes)
        {
            var count = Graph.Shape.CountOf(sizes);
            if (count >= 0) return count;
            long symbol = 0;
            foreach (var size in sizes)
            {
                if (size == 1) continue;
                if (size > 1 || symbol != 0) return context.NewSymbol();
                symbol = size;
            }
            return symbol;
        }
    }

    /// <summary>Null when the elements are no integers.</summary>
    private static long[]? WholeNumbers(TensorValue constant, bool orFloats)
    {
        if (constant.Element.IsInteger) return constant.ToInts();
        if (!orFloats || !(constant.Element is DataType.Float32 or DataType.Float64 or DataType.Float16)) return null;
        var numbers = new long[constant.Count];
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = constant.NumberAt(i);
            if (!double.IsInteger(number) || Math.Abs(number) > int.MaxValue) return null;
            numbers[i] = (long)number;
        }
        return numbers;
    }

    /// <summary>More dimensions than any real tensor has; a bound for what files ask.</summary>
    public const int MaxRank = 64;

    /// <summary>Axes counted from the end made positive.</summary>
    /// <exception cref="ModelException">An axis does not exist or occurs twice.</exception>
    public static int[] AxesOf(ReadOnlySpan<long> axes, int rank)
    {
        var found = new int[axes.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = InferenceContext.Axis(axes[i], rank);
            if (found.AsSpan(0, i).Contains(axis)) throw new ModelException($"axis {axis} is given twice");
            found[i] = axis;
        }
        return found;
    }
}
