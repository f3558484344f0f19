using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>What stands in the pads.</summary>
internal enum PadMode { Constant, Reflect, Edge, Wrap }

/// <summary>Fills the pads of one dimension from the elements between them; the dimensions after it are complete already.</summary>
internal readonly struct PadEdges(TensorValue target, int axis, long begin, long count, PadMode mode) : IElementMove
{
    public void Move<T>()
    {
        var elements = target.Elements<T>();
        var size = (int)target[axis];
        var inner = (int)Strides.Product(target.Shape[(axis + 1)..]);
        var width = size * inner;
        for (var row = 0; row < elements.Length; row += width)
        {
            var line = elements.Slice(row, width);
            for (var i = 0; i < size; i++)
            {
                if (i >= begin && i < begin + count) continue;
                var from = (int)(begin + Position(i - begin));
                if (inner == 1) line[i] = line[from];
                else line.Slice(from * inner, inner).CopyTo(line.Slice(i * inner, inner));
            }
        }
    }

    private long Position(long position)
    {
        if (mode == PadMode.Edge || count == 1) return Math.Clamp(position, 0, count - 1);
        var period = mode == PadMode.Wrap ? count : 2 * (count - 1);
        position %= period;
        if (position < 0) position += period;
        return position < count ? position : period - position;
    }
}

/// <summary>Fills a tensor with the constant of Pad: an input of one element, an attribute, or nothing, which is zero or the empty text.</summary>
internal readonly struct PadFill(TensorValue target, TensorValue? value, float number) : IRows
{
    private const int ElementsPerPart = 1 << 17;

    public static void Run(TensorValue target, TensorValue? value, float number, int threads) => ParallelRows.Run(new PadFill(target, value, number), target.Count, 1, ElementsPerPart, threads);

    public void Run(long first, long end)
    {
        var fill = new Fill(target, value, number, (int)first, (int)end);
        ElementWidths.Move(target.Element, ref fill);
    }

    private readonly struct Fill(TensorValue target, TensorValue? value, float number, int first, int end) : IElementMove
    {
        public void Move<T>()
        {
            var elements = target.Elements<T>()[first..end];
            if (value is { Count: 1 } && value.Element == target.Element) elements.Fill(value.Elements<T>()[0]);
            else if (value is { Count: not 0 }) throw new RecordException($"the constant must be one element of type {target.Element.Text}, it is {value.Type}");
            else if (typeof(T) == typeof(string)) target.Strings[first..end].Fill("");
            else if (number == 0) elements.Clear();
            else if (target.Element == DataType.Float32) target.Values<float>()[first..end].Fill(number);
            else if (target.Element == DataType.Float64) target.Values<double>()[first..end].Fill(number);
            else if (target.Element == DataType.Float16) target.Values<Half>()[first..end].Fill((Half)number);
            else throw new RecordException($"a constant of {number} cannot pad {target.Element.Text} elements");
        }
    }
}
