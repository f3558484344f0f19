namespace Slipway.Models.Kernels;

/// <summary>A packed operand between two uses, so that products of operands known only at run allocate nothing after the first.</summary>
internal static class IntegerSpare
{
    private static PackedIntegers? _kept;

    public static PackedIntegers Take(IntegerDriver driver) =>
        Interlocked.Exchange(ref _kept, null) is { } kept && kept.Driver.Kernel == driver.Kernel ? kept : PackedIntegers.Empty(driver);

    public static void Give(PackedIntegers packed) => Volatile.Write(ref _kept, packed);
}
