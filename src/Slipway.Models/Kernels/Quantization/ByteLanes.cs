using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>Eight elements of int8 or uint8 as numbers and back.</summary>
internal static class ByteLanes
{
    public const int Count = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load<T>(ref readonly T from)
        where T : unmanaged
    {
        var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in from))));
        return IntegerSign.IsSigned<T>() ? Vector256.WidenLower(Vector128.WidenLower(bytes.AsSByte()).ToVector256Unsafe()) : Vector256.WidenLower(Vector128.WidenLower(bytes.AsByte()).ToVector256Unsafe()).AsInt32();
    }

    /// <summary>The first of each of eight pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadEven<T>(ref readonly T from)
        where T : unmanaged
    {
        var pairs = Unsafe.ReadUnaligned<Vector128<short>>(ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in from)));
        var even = IntegerSign.IsSigned<T>() ? (pairs << 8) >> 8 : pairs & Vector128.Create((short)0xFF);
        return Vector256.WidenLower(even.ToVector256Unsafe());
    }

    /// <summary>Stores numbers that are in the range of the type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector256<int> numbers, ref T to)
        where T : unmanaged
    {
        var shorts = Vector128.Narrow(numbers.GetLower(), numbers.GetUpper());
        var bytes = Vector128.Narrow(shorts, shorts);
        Unsafe.WriteUnaligned(ref Unsafe.As<T, byte>(ref to), bytes.AsUInt64().ToScalar());
    }

    /// <summary>The sum of some elements; one beyond int32 wraps around.</summary>
    public static int Sum<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var (sum, i) = (0, 0);
        if (Vector256.IsHardwareAccelerated && values.Length >= Count)
        {
            var sums = Vector256<int>.Zero;
            for (; i <= values.Length - Count; i += Count) sums += Load(in values[i]);
            sum = Vector256.Sum(sums);
        }
        for (; i < values.Length; i++) sum = unchecked(sum + Number(values[i]));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Number<T>(T value)
        where T : unmanaged => IntegerSign.IsSigned<T>() ? Unsafe.BitCast<T, sbyte>(value) : Unsafe.BitCast<T, byte>(value);

    /// <summary>A number in the range of the type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Element<T>(int number)
        where T : unmanaged => Unsafe.BitCast<byte, T>((byte)number);

    public static int Least<T>()
        where T : unmanaged => IntegerSign.IsSigned<T>() ? sbyte.MinValue : byte.MinValue;

    public static int Greatest<T>()
        where T : unmanaged => IntegerSign.IsSigned<T>() ? sbyte.MaxValue : byte.MaxValue;
}
