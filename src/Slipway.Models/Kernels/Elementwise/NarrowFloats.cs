using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>Float16 and bfloat16 numbers as float32, exactly, and back, rounded to the nearest with ties to even.</summary>
internal static class NarrowFloats
{
    private const int Lanes = 8, WideLanes = 16;

    public static void ToSingle(ReadOnlySpan<Half> x, Span<float> y)
    {
        FunctionMap.RequireLength(y.Length, x.Length, nameof(y));
        var bits = MemoryMarshal.Cast<Half, ushort>(x);
        ref var source = ref MemoryMarshal.GetReference(bits);
        ref var target = ref MemoryMarshal.GetReference(y);
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= x.Length - WideLanes; i += WideLanes) FromHalf(Vector512.WidenLower(Vector256.LoadUnsafe(ref source, (nuint)i).ToVector512Unsafe())).StoreUnsafe(ref target, (nuint)i);
        }
        for (; i <= x.Length - Lanes; i += Lanes) FromHalf(Vector256.WidenLower(Vector128.LoadUnsafe(ref source, (nuint)i).ToVector256Unsafe())).StoreUnsafe(ref target, (nuint)i);
        for (; i < x.Length; i++) y[i] = FromHalf(Vector256.CreateScalar((uint)bits[i])).ToScalar();
    }

    public static void ToSingle(ReadOnlySpan<BFloat16> x, Span<float> y)
    {
        FunctionMap.RequireLength(y.Length, x.Length, nameof(y));
        var bits = MemoryMarshal.Cast<BFloat16, ushort>(x);
        ref var source = ref MemoryMarshal.GetReference(bits);
        ref var target = ref MemoryMarshal.GetReference(y);
        var i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            (Vector256.WidenLower(Vector128.LoadUnsafe(ref source, (nuint)i).ToVector256Unsafe()) << 16).AsSingle().StoreUnsafe(ref target, (nuint)i);
        }
        for (; i < x.Length; i++) y[i] = x[i];
    }

    public static void FromSingle(ReadOnlySpan<float> x, Span<Half> y)
    {
        FunctionMap.RequireLength(y.Length, x.Length, nameof(y));
        var bits = MemoryMarshal.Cast<Half, ushort>(y);
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(bits);
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= x.Length - WideLanes; i += WideLanes)
            {
                var result = ToHalf(Vector512.LoadUnsafe(ref source, (nuint)i));
                Vector256.Narrow(result.GetLower(), result.GetUpper()).StoreUnsafe(ref target, (nuint)i);
            }
        }
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            var result = ToHalf(Vector256.LoadUnsafe(ref source, (nuint)i));
            Vector128.Narrow(result.GetLower(), result.GetUpper()).StoreUnsafe(ref target, (nuint)i);
        }
        for (; i < x.Length; i++) bits[i] = (ushort)ToHalf(Vector256.CreateScalar(x[i])).ToScalar();
    }

    public static void FromSingle(ReadOnlySpan<float> x, Span<BFloat16> y)
    {
        FunctionMap.RequireLength(y.Length, x.Length, nameof(y));
        var bits = MemoryMarshal.Cast<BFloat16, ushort>(y);
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(bits);
        var i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            var number = Vector256.LoadUnsafe(ref source, (nuint)i);
            var word = number.AsUInt32();
            var rounded = (word + Vector256.Create(0x7fffu) + ((word >>> 16) & Vector256<uint>.One)) >>> 16;
            var result = Vector256.ConditionalSelect(Vector256.Equals(number, number).AsUInt32(), rounded, (word >>> 16) | Vector256.Create(0x40u));
            Vector128.Narrow(result.GetLower(), result.GetUpper()).StoreUnsafe(ref target, (nuint)i);
        }
        for (; i < x.Length; i++) y[i] = (BFloat16)x[i];
    }

    /// <summary>Zero for negative numbers, all else as it is but that signalling NaN become quiet, as by way of float32. In bits, because they tell all of it.</summary>
    public static void Relu(ReadOnlySpan<Half> x, Span<Half> y) => Relu(MemoryMarshal.Cast<Half, ushort>(x), MemoryMarshal.Cast<Half, ushort>(y), 0x7c00, 0x0200);

    /// <inheritdoc cref="Relu(ReadOnlySpan{Half}, Span{Half})"/>
    public static void Relu(ReadOnlySpan<BFloat16> x, Span<BFloat16> y) => Relu(MemoryMarshal.Cast<BFloat16, ushort>(x), MemoryMarshal.Cast<BFloat16, ushort>(y), 0x7f80, 0x0040);

    private static void Relu(ReadOnlySpan<ushort> x, Span<ushort> y, ushort infinity, ushort quiet)
    {
        FunctionMap.RequireLength(y.Length, x.Length, nameof(y));
        ref var source = ref MemoryMarshal.GetReference(x);
        ref var target = ref MemoryMarshal.GetReference(y);
        var i = 0;
        for (; i <= x.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            var bits = Vector.LoadUnsafe(ref source, (nuint)i);
            var magnitude = bits & new Vector<ushort>(0x7fff);
            var isNumber = Vector.LessThanOrEqual(magnitude, new Vector<ushort>(infinity));
            // Minus zero is not below zero.
            var isNegative = Vector.GreaterThan(bits, new Vector<ushort>(0x8000)) & isNumber;
            Vector.AndNot(bits | Vector.AndNot(new Vector<ushort>(quiet), isNumber), isNegative).StoreUnsafe(ref target, (nuint)i);
        }
        for (; i < x.Length; i++)
        {
            var isNumber = (x[i] & 0x7fff) <= infinity;
            y[i] = !isNumber ? (ushort)(x[i] | quiet) : x[i] > 0x8000 ? (ushort)0 : x[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FromHalf(Vector256<uint> half)
    {
        // The exponent's bias is 112 less; the product normalises subnormal numbers too.
        var magnitude = (half & Vector256.Create(0x7fffu)) << 13;
        var number = (magnitude.AsSingle() * Vector256.Create(5.192297e33f)).AsUInt32();
        var special = Vector256.GreaterThanOrEqual(magnitude.AsInt32(), Vector256.Create(0x7c00 << 13)).AsUInt32();
        var quiet = Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create(0x7c00 << 13)).AsUInt32() & Vector256.Create(0x400000u);
        return (number | (special & (magnitude | Vector256.Create(0x7f800000u))) | quiet | ((half & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> ToHalf(Vector256<float> x)
    {
        var bits = x.AsUInt32();
        var sign = (bits >>> 16) & Vector256.Create(0x8000u);
        var magnitude = bits & Vector256.Create(0x7fffffffu);
        var normal = (magnitude + Vector256.Create(0xc8000fffu) + ((magnitude >>> 13) & Vector256<uint>.One)) >>> 13;
        // Below 2⁻¹⁴ an addition of ½ leaves the rounded number of 2⁻²⁴ in the low bits.
        var subnormal = (magnitude.AsSingle() + Vector256.Create(0.5f)).AsUInt32() - Vector256.Create(0x3f000000u);
        var result = Vector256.ConditionalSelect(Vector256.LessThan(magnitude.AsInt32(), Vector256.Create(0x38800000)).AsUInt32(), subnormal, normal);
        result = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(magnitude.AsInt32(), Vector256.Create(0x477ff000)).AsUInt32(), Vector256.Create(0x7c00u), result);
        var quiet = Vector256.Create(0x7e00u) | ((magnitude >>> 13) & Vector256.Create(0x3ffu));
        result = Vector256.ConditionalSelect(Vector256.Equals(x, x).AsUInt32(), result, quiet);
        return result | sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FromHalf(Vector512<uint> half)
    {
        // The exponent's bias is 112 less; the product normalises subnormal numbers too.
        var magnitude = (half & Vector512.Create(0x7fffu)) << 13;
        var number = (magnitude.AsSingle() * Vector512.Create(5.192297e33f)).AsUInt32();
        var special = Vector512.GreaterThanOrEqual(magnitude.AsInt32(), Vector512.Create(0x7c00 << 13)).AsUInt32();
        var quiet = Vector512.GreaterThan(magnitude.AsInt32(), Vector512.Create(0x7c00 << 13)).AsUInt32() & Vector512.Create(0x400000u);
        return (number | (special & (magnitude | Vector512.Create(0x7f800000u))) | quiet | ((half & Vector512.Create(0x8000u)) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> ToHalf(Vector512<float> x)
    {
        var bits = x.AsUInt32();
        var sign = (bits >>> 16) & Vector512.Create(0x8000u);
        var magnitude = bits & Vector512.Create(0x7fffffffu);
        var normal = (magnitude + Vector512.Create(0xc8000fffu) + ((magnitude >>> 13) & Vector512<uint>.One)) >>> 13;
        // Below 2⁻¹⁴ an addition of ½ leaves the rounded number of 2⁻²⁴ in the low bits.
        var subnormal = (magnitude.AsSingle() + Vector512.Create(0.5f)).AsUInt32() - Vector512.Create(0x3f000000u);
        var result = Vector512.ConditionalSelect(Vector512.LessThan(magnitude.AsInt32(), Vector512.Create(0x38800000)).AsUInt32(), subnormal, normal);
        result = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(magnitude.AsInt32(), Vector512.Create(0x477ff000)).AsUInt32(), Vector512.Create(0x7c00u), result);
        var quiet = Vector512.Create(0x7e00u) | ((magnitude >>> 13) & Vector512.Create(0x3ffu));
        result = Vector512.ConditionalSelect(Vector512.Equals(x, x).AsUInt32(), result, quiet);
        return result | sign;
    }
}
