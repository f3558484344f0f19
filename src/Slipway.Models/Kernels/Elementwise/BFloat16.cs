using System.Globalization;

namespace Slipway.Models.Kernels;

/// <summary>The upper half of a <see cref="float"/>: 8 bits of exponent, 8 of precision. Arithmetic is done in float32 and rounded once.</summary>
internal readonly struct BFloat16(ushort bits) : IEquatable<BFloat16>, IComparable<BFloat16>
{
    public ushort Bits { get; } = bits;

    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <summary>Rounds to the nearest, ties to even; NaN stays NaN.</summary>
    public static explicit operator BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? new((ushort)(bits >> 16 | 0x40))
            : new((ushort)(bits + 0x7fff + (bits >> 16 & 1) >> 16));
    }

    public bool Equals(BFloat16 other) => ((float)this).Equals(other);

    public override bool Equals(object? obj) => obj is BFloat16 other && Equals(other);

    public override int GetHashCode() => ((float)this).GetHashCode();

    public int CompareTo(BFloat16 other) => ((float)this).CompareTo(other);

    public override string ToString() => ((float)this).ToString(CultureInfo.InvariantCulture);
}
