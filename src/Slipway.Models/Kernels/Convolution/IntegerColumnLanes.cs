using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Slipway.Models.Kernels;

/// <summary>
/// The vector operations of a convolution's micro-kernel: weights in −128 to 127 as the left operand, pixels in 0 to 255 as the right one. As <see cref="IIntegerLanes{TVector}"/>
/// with the signs exchanged: filters, of which most have the zero point 0, then need no sums of the pixels.
/// </summary>
/// <typeparam name="TVector">A vector of int32.</typeparam>
internal interface IColumnLanes<TVector> : ITileLanes<int, byte, TVector>
    where TVector : unmanaged
{
    /// <summary>Weights in a step: 4 bytes of an int32, 2 as int16, or 1.</summary>
    static abstract int Group { get; }
}

/// <summary>The dot product of four bytes with four signed bytes, added to int32 without saturation.</summary>
internal unsafe readonly struct DotProductColumns256 : IColumnLanes<Vector256<int>>
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
    public static Vector256<int> LoadRight(byte* from) => Vector256.Load(from).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int* from) => Vector256.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> a, Vector256<int> b, Vector256<int> c) => AvxVnni.MultiplyWideningAndAdd(c, b.AsByte(), a.AsSByte());
}

/// <summary>Pairs of int16, multiplied and added to int32: exact, as 255·128·2 is far from overflow.</summary>
internal unsafe readonly struct PairColumns512 : IColumnLanes<Vector512<int>>
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
    public static Vector512<int> LoadRight(byte* from) => Avx512BW.ConvertToVector512Int16(Vector256.Load(from)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Broadcast(int* from) => Vector512.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> a, Vector512<int> b, Vector512<int> c) => c + Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}

/// <summary>As <see cref="PairColumns512"/>, half as wide.</summary>
internal unsafe readonly struct PairColumns256 : IColumnLanes<Vector256<int>>
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
    public static Vector256<int> LoadRight(byte* from) => Avx2.ConvertToVector256Int16(Vector128.Load(from)).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Broadcast(int* from) => Vector256.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAdd(Vector256<int> a, Vector256<int> b, Vector256<int> c) => c + Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
}

/// <summary>Four pixels of one weight.</summary>
internal unsafe readonly struct ColumnsPortable : IColumnLanes<Vector128<int>>
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
    public static Vector128<int> LoadRight(byte* from) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(from)).AsByte())).AsInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Broadcast(int* from) => Vector128.Create(*from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAdd(Vector128<int> a, Vector128<int> b, Vector128<int> c) => c + (a * b);
}
