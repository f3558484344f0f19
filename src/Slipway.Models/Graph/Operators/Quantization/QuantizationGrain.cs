using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Which scale belongs to which element: one for the tensor, one for each index of an axis, or one for each block along an axis.</summary>
internal readonly record struct QuantizationGrain(AxisLayout Layout, int ScalesAlong, int Block, bool PerElement)
{
    /// <exception cref="RecordException">The scales do not fit the tensor.</exception>
    public static QuantizationGrain Of(TensorValue x, TensorValue scale, long axis, long block)
    {
        if (scale.Count == 1 && block == 0) return new QuantizationGrain(new AxisLayout(1, 1, x.Count), 1, 1, false);
        if (x.Rank == 0) throw new RecordException($"the scales {scale.Type} do not fit the scalar {x.Type}");
        if (axis < -x.Rank || axis >= x.Rank) throw new RecordException($"axis {axis} is outside of {x.Type}");
        var at = (int)(axis < 0 ? axis + x.Rank : axis);
        var layout = AxisLayout.Of(x.Shape, at);
        if (block == 0)
        {
            if (scale.Rank != 1 || scale.Count != layout.Size) throw new RecordException($"{layout.Size} scales are expected, one for each index of axis {axis} of {x.Type}; {scale.Type} is given");
            return new QuantizationGrain(layout, layout.Size, 1, false);
        }
        if (block < 0 || scale.Rank != x.Rank) throw new RecordException($"scales for blocks of {block} along axis {axis} must have the rank of {x.Type}; {scale.Type} is given");
        for (var i = 0; i < x.Rank; i++)
        {
            var expected = i == at ? (x[i] + block - 1) / block : x[i];
            if (scale[i] != expected) throw new RecordException($"{expected} scales are expected along axis {i} of {x.Type} in blocks of {block} along axis {axis}; {scale.Type} is given");
        }
        return new QuantizationGrain(layout, (int)scale[at], (int)Math.Min(block, int.MaxValue), true);
    }

    /// <summary>The scale of the first element of a run of <c>Layout.Inner</c> elements; the others have the same (or, in blocks, those behind it).</summary>
    public int ScaleOf(int outer, int index) => PerElement ? (outer * ScalesAlong + index / Block) * Layout.Inner : index;
}

/// <summary>Tensors as float32, converted into memory that is kept between runs.</summary>
internal sealed class FloatCopies(int count)
{
    private readonly TensorValue?[] _copies = new TensorValue?[count];

    public static FloatCopies Of(RunContext context, int count)
    {
        if (context.State is not FloatCopies copies) context.State = copies = new FloatCopies(count);
        return copies;
    }

    /// <summary>The elements of a tensor of numbers as float32: its own if they are.</summary>
    public ReadOnlySpan<float> Read(int slot, TensorValue? tensor)
    {
        if (tensor is null) return [];
        if (tensor.Element == DataType.Float32) return tensor.Values<float>();
        var copy = Room(slot, tensor);
        ElementConversion.Convert(tensor, copy, default);
        return copy.Values<float>();
    }

    /// <summary>A tensor of floats of the shape of another.</summary>
    public TensorValue Room(int slot, TensorValue like)
    {
        var copy = _copies[slot] ??= new TensorValue(DataType.Float32);
        copy.Resize(DataType.Float32, like.Shape);
        return copy;
    }
}
