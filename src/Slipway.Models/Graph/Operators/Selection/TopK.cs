using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// TopK: the k largest or smallest elements along an axis and their positions (ai.onnx 1: attribute k; 10: input; 11: largest, sorted; 24: bfloat16).
/// They come sorted; of equal ones that with the lower position first; NaN is larger than every number.
/// </summary>
internal sealed class TopK : Operator
{
    private readonly long _axis;
    private readonly long _k = -1;
    private readonly bool _isLargest;

    public TopK(NodeInfo node)
    {
        _axis = node.Int("axis", -1);
        _isLargest = node.Version < 11 || node.Flag("largest", true);
        if (node.Version >= 10) return;
        _k = node.Int("k");
        if (_k < 0) throw node.Wrong($"attribute 'k' is {_k}");
    }

    public override void Infer(InferenceContext context)
    {
        Shape? result = null;
        if (context.Shape(0) is { } source)
        {
            var axis = InferenceContext.Axis(_axis, source.Rank);
            var dimensions = source.Span.ToArray();
            dimensions[axis] = CountOf(context);
            if (dimensions[axis] > source[axis] && source[axis] >= 0) throw new ModelException($"the top {dimensions[axis]} of {source[axis]} elements are asked for");
            result = Graph.Shape.Of(dimensions);
        }
        context.SetOutput(0, context.Element(0), result);
        context.SetOutput(1, DataType.Int64, result);
    }

    private long CountOf(InferenceContext context)
    {
        if (_k >= 0) return _k;
        if (context.Integers(1) is not { } k) return context.Sizes(1) is { Length: 1 } size ? size[0] : context.NewSymbol();
        return k is [>= 0 and var count] ? count : throw new ModelException($"k must be one number from 0 on, it is [{string.Join(',', k)}]");
    }

    public override long ScratchBytes(RunContext context)
    {
        var target = ResultOf(context);
        var heap = target is { Rank: > 0 } ? target[InferenceContext.Axis(_axis, target.Rank)] * sizeof(int) : 0;
        return heap + (context.Input(0).Element == DataType.BFloat16 ? (long)context.Input(0).Count * sizeof(float) : 0);
    }

    private static TensorValue? ResultOf(RunContext context) => context.HasOutput(0) ? context.Output(0) : context.HasOutput(1) ? context.Output(1) : null;

    public override void Run(RunContext context)
    {
        if (ResultOf(context) is not { Count: > 0 } result) return;
        var source = context.Input(0);
        var axis = InferenceContext.Axis(_axis, source.Rank);
        var selection = new Ranking(context, this, axis, (int)result[axis]);
        if (source.Element == DataType.BFloat16)
        {
            var wide = MemoryMarshal.Cast<byte, float>(context.Scratch[(int)(result[axis] * sizeof(int))..])[..source.Count];
            WideFloats.Widen(source, wide);
            selection.Select<float>(wide);
        }
        else NumberTypes.Run(source.Element, ref selection);
    }

    private readonly struct Ranking(RunContext context, TopK owner, int axis, int k) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => Select<T>(context.Input(0).Values<T>());

        public void Select<T>(ReadOnlySpan<T> values) where T : unmanaged, INumber<T>
        {
            var source = context.Input(0);
            var size = (int)source[axis];
            var inner = (int)Strides.Product(source.Shape[(axis + 1)..]);
            var heap = MemoryMarshal.Cast<byte, int>(context.Scratch)[..k];
            var positions = context.HasOutput(1) ? context.Output(1).Values<long>() : default;
            var width = source.Element.Width;
            for (var lane = 0; lane < source.Count / size; lane++)
            {
                var (row, column) = (lane / inner, lane % inner);
                var lines = values.Slice(row * size * inner + column);
                if (owner._isLargest) LaneHeap.Select<T, Largest>(lines, inner, size, heap);
                else LaneHeap.Select<T, Smallest>(lines, inner, size, heap);
                for (var i = 0; i < k; i++)
                {
                    var to = (row * k + i) * inner + column;
                    if (!positions.IsEmpty) positions[to] = heap[i];
                    if (context.HasOutput(0)) source.Bytes.Slice((row * size * inner + column + heap[i] * inner) * width, width).CopyTo(context.Output(0).Bytes[(to * width)..]);
                }
            }
        }
    }

    private readonly struct Largest : IRank
    {
        public static bool IsBefore<T>(T a, T b) where T : INumber<T> => a > b || (T.IsNaN(a) && !T.IsNaN(b));
    }

    private readonly struct Smallest : IRank
    {
        public static bool IsBefore<T>(T a, T b) where T : INumber<T> => a < b || (T.IsNaN(b) && !T.IsNaN(a));
    }
}
