using System.Collections.Immutable;
using System.Numerics.Tensors;
using Slipway.Core;
using Tensor = Slipway.Core.Tensor;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>Computes one slot of a frame from others. Stateless.</summary>
/// <param name="output">The slot.</param>
internal abstract class OutputStep(int output)
{
    protected int Output { get; } = output;

    public abstract void Run(Tensor[] frame);
}

/// <summary>Converts numbers as ONNX's Cast does.</summary>
internal sealed class CastStep(int input, int output) : OutputStep(output)
{
    public override void Run(Tensor[] frame)
    {
        var (from, to) = (frame[input], frame[Output]);
        switch (from.Type)
        {
            case ElementType.Float32: Convert<float>(from, to); break;
            case ElementType.Float64: Convert<double>(from, to); break;
            case ElementType.Int32: Convert<int>(from, to); break;
            default: Convert<long>(from, to); break;
        }
    }

    private static void Convert<T>(Tensor from, Tensor to)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        var values = from.Values<T>();
        switch (to.Type)
        {
            case ElementType.Float32: TensorPrimitives.ConvertTruncating<T, float>(values, to.Values<float>()); break;
            case ElementType.Float64: TensorPrimitives.ConvertTruncating<T, double>(values, to.Values<double>()); break;
            case ElementType.Int32: TensorPrimitives.ConvertTruncating<T, int>(values, to.Values<int>()); break;
            default: TensorPrimitives.ConvertTruncating<T, long>(values, to.Values<long>()); break;
        }
    }
}

/// <summary>A float32 function of every value, or of the values of a row.</summary>
internal sealed class RowFunctionStep(int input, int output, RowFunction function) : OutputStep(output)
{
    public override void Run(Tensor[] frame)
    {
        var to = frame[Output].Values<float>();
        frame[input].Values<float>().CopyTo(to);
        var width = frame[input].Stride;
        for (var at = 0; at < to.Length; at += width) function(to.Slice(at, width));
    }
}

/// <summary>Computes on a row of values in place.</summary>
internal delegate void RowFunction(Span<float> row);

/// <summary>Puts rows of several slots, or some columns of one, behind each other.</summary>
/// <param name="columns">The slot and the column that each value of a row is from.</param>
internal sealed class GatherStep(ImmutableArray<(int Slot, int Column)> columns, int output) : OutputStep(output)
{
    public override void Run(Tensor[] frame)
    {
        var to = frame[Output];
        for (var c = 0; c < columns.Length; c++)
        {
            var from = frame[columns[c].Slot];
            if (to.Type == ElementType.Float32) Copy<float>(from, columns[c].Column, to, c);
            else if (to.Type == ElementType.Float64) Copy<double>(from, columns[c].Column, to, c);
            else if (to.Type == ElementType.Int32) Copy<int>(from, columns[c].Column, to, c);
            else Copy<long>(from, columns[c].Column, to, c);
        }
    }

    private static void Copy<T>(Tensor from, int fromColumn, Tensor to, int toColumn)
        where T : unmanaged
    {
        var source = from.Values<T>();
        var target = to.Values<T>();
        for (int i = fromColumn, j = toColumn; j < target.Length; i += from.Stride, j += to.Stride) target[j] = source[i];
    }
}

/// <summary>The place of a row's largest value, the first of equals.</summary>
internal sealed class ArgMaxStep(int input, int output) : OutputStep(output)
{
    public override void Run(Tensor[] frame)
    {
        var from = frame[input].Values<float>();
        var to = frame[Output].Values<long>();
        var width = frame[input].Stride;
        for (var row = 0; row < to.Length; row++) to[row] = Trees.MarginTransforms.ArgMax<float>(from.Slice(row * width, width));
    }
}

/// <summary>Looks labels up by their place.</summary>
internal sealed class LabelStep(int input, int output, ImmutableArray<long> labels, ImmutableArray<string> texts) : OutputStep(output)
{
    public override void Run(Tensor[] frame)
    {
        var places = frame[input].Values<long>();
        var to = frame[Output];
        var count = texts.IsDefault ? labels.Length : texts.Length;
        for (var row = 0; row < places.Length; row++)
        {
            var place = places[row];
            if ((ulong)place >= (ulong)count) throw new RecordException(row, $"label {place} is asked for, there are {count}");
            if (texts.IsDefault) to.Values<long>()[row] = labels[(int)place];
            else to.Append(texts[(int)place]);
        }
    }
}
