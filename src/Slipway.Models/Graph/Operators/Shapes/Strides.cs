namespace Slipway.Models.Graph;

/// <summary>Distances between neighbours along each dimension of a row-major tensor, in elements.</summary>
internal static class Strides
{
    /// <summary>Ranks up to this have their strides on the stack.</summary>
    public const int StackRank = 12;

    public static void Of(ReadOnlySpan<long> shape, Span<long> strides)
    {
        long stride = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }
    }

    /// <summary>The product of dimensions that are known to have one.</summary>
    public static long Product(ReadOnlySpan<long> shape)
    {
        long product = 1;
        foreach (var dimension in shape) product *= dimension;
        return product;
    }
}
