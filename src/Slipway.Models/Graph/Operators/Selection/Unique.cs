using System.Numerics;

namespace Slipway.Models.Graph;

/// <summary>
/// Unique: the different elements, or slices of an axis, with where each occurs first, which of them each is, and how often they occur (ai.onnx 11).
/// NaN equals NaN and is larger than every number; texts are compared by their UTF-16 code units.
/// </summary>
internal sealed class Unique(NodeInfo node) : Operator
{
    private readonly long? _axis = node.Has("axis") ? node.Int("axis") : null;
    private readonly bool _isSorted = node.Flag("sorted", true);

    public override void Infer(InferenceContext context)
    {
        var count = context.NewSymbol();
        Shape? result = null;
        if (_axis is null) result = Graph.Shape.Of(count);
        else if (context.Shape(0) is { } source)
        {
            var dimensions = source.Span.ToArray();
            dimensions[InferenceContext.Axis(_axis.Value, source.Rank)] = count;
            result = Graph.Shape.Of(dimensions);
        }
        context.SetOutput(0, context.Element(0), result);
        context.SetOutput(1, DataType.Int64, count);
        context.SetOutput(2, DataType.Int64, context.NewSymbol());
        context.SetOutput(3, DataType.Int64, count);
    }

    public override void Run(RunContext context)
    {
        var source = context.Input(0);
        var axis = _axis is { } given ? InferenceContext.Axis(given, source.Rank) : -1;
        var units = axis < 0 ? source.Count : (int)source[axis];
        var size = axis < 0 ? 1 : (int)(Strides.Product(source.Shape[..axis]) * Strides.Product(source.Shape[(axis + 1)..]));
        var inner = axis < 0 ? 1 : Strides.Product(source.Shape[(axis + 1)..]);
        var outer = axis < 0 ? 1 : Strides.Product(source.Shape[..axis]);
        var rows = new TensorValue(source.Element, units, size);
        StridedCopy.Run(source, 0, [inner, units * inner, 1], rows, 0, [size, inner, 1], [units, outer, inner]);

        var order = new int[units];
        for (var i = 0; i < units; i++) order[i] = i;
        var comparer = ComparerOf(rows, size);
        Array.Sort(order, comparer);
        var groups = Group(order, comparer, out var inverse);
        if (!_isSorted) SortByFirst(groups, inverse);

        Span<long> shape = source.Rank <= Strides.StackRank ? stackalloc long[Strides.StackRank] : new long[source.Rank];
        shape = shape[..(axis < 0 ? 1 : source.Rank)];
        if (axis >= 0) source.Shape.CopyTo(shape);
        shape[Math.Max(axis, 0)] = groups.Count;
        var target = context.Allocate(0, source.Element, shape);
        var firsts = context.Allocate(1, DataType.Int64, groups.Count).Values<long>();
        var counts = context.Allocate(3, DataType.Int64, groups.Count).Values<long>();
        for (var g = 0; g < groups.Count; g++)
        {
            (firsts[g], counts[g]) = groups[g];
            StridedCopy.Run(source, firsts[g] * inner, [units * inner, 1], target, g * inner, [groups.Count * inner, 1], [outer, inner]);
        }
        var all = context.Allocate(2, DataType.Int64, units).Values<long>();
        for (var i = 0; i < units; i++) all[i] = inverse[i];
    }

    private static List<(long First, long Count)> Group(int[] order, IRowComparer comparer, out int[] inverse)
    {
        var groups = new List<(long First, long Count)>();
        inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            // Equal rows are in the order of their positions, so the first of a group is the first that occurs.
            if (i == 0 || comparer.CompareRows(order[i - 1], order[i]) != 0) groups.Add((order[i], 0));
            groups[^1] = (groups[^1].First, groups[^1].Count + 1);
            inverse[order[i]] = groups.Count - 1;
        }
        return groups;
    }

    private static void SortByFirst(List<(long First, long Count)> groups, int[] inverse)
    {
        var order = new int[groups.Count];
        for (var g = 0; g < order.Length; g++) order[g] = g;
        Array.Sort([.. groups.Select(g => g.First)], order);
        var place = new int[order.Length];
        for (var g = 0; g < order.Length; g++) place[order[g]] = g;
        groups.Sort((a, b) => a.First.CompareTo(b.First));
        for (var i = 0; i < inverse.Length; i++) inverse[i] = place[inverse[i]];
    }

    private static IRowComparer ComparerOf(TensorValue rows, int size)
    {
        switch (rows.Element)
        {
            case DataType.String: return new TextRows(rows.Strings.ToArray(), size);
            case DataType.Bool: return new NumberRows<byte>(rows.Values<byte>().ToArray(), size);
            case DataType.Complex64: return new NumberRows<float>(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(rows.Bytes).ToArray(), 2 * size);
            case DataType.Complex128: return new NumberRows<double>(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(rows.Bytes).ToArray(), 2 * size);
            case DataType.BFloat16:
                var wide = new float[rows.Count];
                WideFloats.Widen(rows, wide);
                return new NumberRows<float>(wide, size);
        }
        var choice = new ComparerChoice(rows, size);
        NumberTypes.Run(rows.Element, ref choice);
        return choice.Comparer!;
    }

    private interface IRowComparer : IComparer<int>
    {
        int CompareRows(int a, int b);

        int IComparer<int>.Compare(int a, int b) => CompareRows(a, b) is not 0 and var different ? different : a.CompareTo(b);
    }

    private sealed class NumberRows<T>(T[] values, int size) : IRowComparer where T : INumber<T>
    {
        public int CompareRows(int a, int b)
        {
            for (var i = 0; i < size; i++)
            {
                var (x, y) = (values[a * size + i], values[b * size + i]);
                if (x < y) return -1;
                if (x > y) return 1;
                if (T.IsNaN(x) != T.IsNaN(y)) return T.IsNaN(x) ? 1 : -1;
            }
            return 0;
        }
    }

    private sealed class TextRows(string[] values, int size) : IRowComparer
    {
        public int CompareRows(int a, int b)
        {
            for (var i = 0; i < size; i++)
            {
                var order = string.CompareOrdinal(values[a * size + i], values[b * size + i]);
                if (order != 0) return order;
            }
            return 0;
        }
    }

    private struct ComparerChoice(TensorValue rows, int size) : INumberFunction
    {
        public IRowComparer? Comparer { get; private set; }

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => Comparer = new NumberRows<T>(rows.Values<T>().ToArray(), size);
    }
}
