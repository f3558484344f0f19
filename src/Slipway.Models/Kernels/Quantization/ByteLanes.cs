using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

    /// <summary>Sixteen elements; of processors with AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load512<T>(ref readonly T from)
        where T : unmanaged
    {
        var bytes = Unsafe.ReadUnaligned<Vector128<byte>>(ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in from)));
        return IntegerSign.IsSigned<T>() ? Avx512F.ConvertToVector512Int32(bytes.AsSByte()) : Avx512F.ConvertToVector512Int32(bytes);
    }

    /// <inheritdoc cref="Store{T}(Vector256{int}, ref T)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector512<int> numbers, ref T to)
        where T : unmanaged => Unsafe.WriteUnaligned(ref Unsafe.As<T, byte>(ref to), Avx512F.ConvertToVector128Byte(numbers));

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
