namespace Slipway.Models.Graph;

/// <summary>A tensor seen as [outer, size, inner] around an axis.</summary>
internal readonly record struct AxisLayout(int Outer, int Size, int Inner)
{
    public static AxisLayout Of(ReadOnlySpan<long> shape, int axis)
    {
        int outer = 1, inner = 1;
        for (var i = 0; i < axis; i++) outer *= (int)shape[i];
        for (var i = axis + 1; i < shape.Length; i++) inner *= (int)shape[i];
        return new AxisLayout(outer, (int)shape[axis], inner);
    }

    /// <summary>Everything from the axis on as one: the operators before 13 that flatten.</summary>
    public static AxisLayout Flat(ReadOnlySpan<long> shape, int axis)
    {
        int outer = 1, size = 1;
        for (var i = 0; i < axis; i++) outer *= (int)shape[i];
        for (var i = axis; i < shape.Length; i++) size *= (int)shape[i];
        return new AxisLayout(outer, size, 1);
    }
}
