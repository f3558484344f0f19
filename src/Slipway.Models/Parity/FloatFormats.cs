namespace Slipway.Models.Parity;

/// <summary>What comparing needs to know of a floating-point format that is stored as <typeparamref name="T"/>.</summary>
internal interface IFloatFormat<T> where T : unmanaged
{
    static abstract double Value(T element);

    /// <summary>Rank among all numbers of the format: neighbours differ by one, both zeros have rank 0.</summary>
    static abstract long Rank(T element);
}

internal readonly struct Float64Format : IFloatFormat<double>
{
    public static double Value(double element) => element;

    public static long Rank(double element)
    {
        var bits = BitConverter.DoubleToInt64Bits(element);
        return bits < 0 ? -(bits & long.MaxValue) : bits;
    }
}

internal readonly struct Float32Format : IFloatFormat<float>
{
    public static double Value(float element) => element;

    public static long Rank(float element)
    {
        var bits = BitConverter.SingleToInt32Bits(element);
        return bits < 0 ? -(bits & int.MaxValue) : bits;
    }
}

internal readonly struct Float16Format : IFloatFormat<Half>
{
    public static double Value(Half element) => (double)element;

    public static long Rank(Half element)
    {
        var bits = BitConverter.HalfToInt16Bits(element);
        return bits < 0 ? -(bits & short.MaxValue) : bits;
    }
}

internal readonly struct BFloat16Format : IFloatFormat<ushort>
{
    public static double Value(ushort element) => BitConverter.UInt32BitsToSingle((uint)element << 16);

    public static long Rank(ushort element)
    {
        var bits = (short)element;
        return bits < 0 ? -(bits & short.MaxValue) : bits;
    }
}
