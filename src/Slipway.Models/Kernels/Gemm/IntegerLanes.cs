using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>
/// The vector operations of a micro-kernel for integers, groups of steps at a time: one operand in 0 to 255, the other in −128 to 127. In products of matrices the right one is signed;
/// in convolutions the left one, the weights, of which most have the zero point 0 and then need no sums of the pixels.
/// </summary>
/// <typeparam name="TRight">Of the right operand: <see cref="sbyte"/> or <see cref="byte"/>. The left one is of the other sign.</typeparam>
/// <typeparam name="TVector">A vector of int32.</typeparam>
internal interface IIntegerLanes<TRight, TVector> : ITileLanes<int, TRight, TVector>
    where TRight : unmanaged
    where TVector : unmanaged
{
    /// <summary>Steps that one step of the micro-kernel takes: 4 bytes of an int32, 2 as int16, or 1.</summary>
    static abstract int Group { get; }
}

/// <summary>The dot product of four bytes with four signed bytes, added to int32 without saturation.</summary>
internal unsafe readonly struct DotProductLanes256<TRight> : IIntegerLanes<TRight, Vector256<int>>
    where TRight : unmanaged
{
    public static int Count => 8;

    public static int RightCount => 32;

    public static int Rows => 6;

    public static int Group => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(int* to, Vector256<int> vector) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadRight(TRight* from) => Vector256.Load((byte*)from).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int* from) => Vector256.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> a, Vector256<int> b, Vector256<int> c) =>
        typeof(TRight) == typeof(byte) ? AvxVnni.MultiplyWideningAndAdd(c, b.AsByte(), a.AsSByte()) : AvxVnni.MultiplyWideningAndAdd(c, a.AsByte(), b.AsSByte());
}

/// <summary>Pairs of int16, multiplied and added to int32: exact, as 255·128·2 is far from overflow.</summary>
internal unsafe readonly struct IntegerLanes512<TRight> : IIntegerLanes<TRight, Vector512<int>>
    where TRight : unmanaged
{
    public static int Count => 16;

    public static int RightCount => 32;

    public static int Rows => 12;

    public static int Group => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(int* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(int* to, Vector512<int> vector) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> LoadRight(TRight* from) =>
        (typeof(TRight) == typeof(byte) ? Avx512BW.ConvertToVector512Int16(Vector256.Load((byte*)from)) : Avx512BW.ConvertToVector512Int16(Vector256.Load((sbyte*)from))).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int* from) => Vector512.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> a, Vector512<int> b, Vector512<int> c) => c + Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}

/// <summary>As <see cref="IntegerLanes512{TRight}"/>, half as wide.</summary>
internal unsafe readonly struct IntegerLanes256<TRight> : IIntegerLanes<TRight, Vector256<int>>
    where TRight : unmanaged
{
    public static int Count => 8;

    public static int RightCount => 16;

    public static int Rows => 6;

    public static int Group => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(int* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(int* to, Vector256<int> vector) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> LoadRight(TRight* from) =>
        (typeof(TRight) == typeof(byte) ? Avx2.ConvertToVector256Int16(Vector128.Load((byte*)from)) : Avx2.ConvertToVector256Int16(Vector128.Load((sbyte*)from))).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int* from) => Vector256.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> a, Vector256<int> b, Vector256<int> c) => c + Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}

/// <summary>Four columns of one step.</summary>
internal unsafe readonly struct IntegerLanesPortable<TRight> : IIntegerLanes<TRight, Vector128<int>>
    where TRight : unmanaged
{
    public static int Count => 4;

    public static int RightCount => 4;

    public static int Rows => 6;

    public static int Group => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load(int* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(int* to, Vector128<int> vector) => vector.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> LoadRight(TRight* from)
    {
        var four = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<int>(from));
        return typeof(TRight) == typeof(byte) ? Vector128.WidenLower(Vector128.WidenLower(four.AsByte())).AsInt32() : Vector128.WidenLower(Vector128.WidenLower(four.AsSByte()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(int* from) => Vector128.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<int> a, Vector128<int> b, Vector128<int> c) => c + (a * b);
}
