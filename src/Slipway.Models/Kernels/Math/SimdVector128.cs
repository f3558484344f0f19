using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>128 bits of lanes: SSE, NEON, WebAssembly, and scalar code where the machine has no vectors at all.</summary>
internal readonly struct SimdVector128<T>(Vector128<T> vector) : ISimdVector<SimdVector128<T>, T>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public Vector128<T> Vector { get; } = vector;

    public static int Count => Vector128<T>.Count;

    [MethodImpl(Inline)]
    public static SimdVector128<T> Create(T value) => new(Vector128.Create(value));

    [MethodImpl(Inline)]
    public static SimdVector128<T> Load(ref T start, int offset) => new(Vector128.LoadUnsafe(ref start, (nuint)offset));

    [MethodImpl(Inline)]
    public static void Store(SimdVector128<T> value, ref T start, int offset) => value.Vector.StoreUnsafe(ref start, (nuint)offset);

    [MethodImpl(Inline)]
    public static SimdVector128<T> LoadSingle(ref float start, int offset) =>
        new(Vector128.Create(Unsafe.Add(ref start, offset), (double)Unsafe.Add(ref start, offset + 1)).As<double, T>());

    [MethodImpl(Inline)]
    public static void StoreSingle(SimdVector128<T> value, ref float start, int offset)
    {
        Unsafe.Add(ref start, offset) = (float)value.Vector.AsDouble().ToScalar();
        Unsafe.Add(ref start, offset + 1) = (float)value.Vector.AsDouble().GetElement(1);
    }

    [MethodImpl(Inline)]
    public static SimdVector128<T> FusedMultiplyAdd(SimdVector128<T> a, SimdVector128<T> b, SimdVector128<T> c) => typeof(T) == typeof(float)
        ? new(Vector128.FusedMultiplyAdd(a.Vector.AsSingle(), b.Vector.AsSingle(), c.Vector.AsSingle()).As<float, T>())
        : new(Vector128.FusedMultiplyAdd(a.Vector.AsDouble(), b.Vector.AsDouble(), c.Vector.AsDouble()).As<double, T>());

    [MethodImpl(Inline)]
    public static SimdVector128<T> Sqrt(SimdVector128<T> x) => new(Vector128.Sqrt(x.Vector));

    [MethodImpl(Inline)]
    public static SimdVector128<T> Abs(SimdVector128<T> x) => new(Vector128.Abs(x.Vector));

    [MethodImpl(Inline)]
    public static SimdVector128<T> Max(SimdVector128<T> a, SimdVector128<T> b) => new(Vector128.Max(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector128<T> Min(SimdVector128<T> a, SimdVector128<T> b) => new(Vector128.Min(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector128<T> LessThan(SimdVector128<T> a, SimdVector128<T> b) => new(Vector128.LessThan(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector128<T> LessThanOrEqual(SimdVector128<T> a, SimdVector128<T> b) => new(Vector128.LessThanOrEqual(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector128<T> AreEqual(SimdVector128<T> a, SimdVector128<T> b) => new(Vector128.Equals(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector128<T> Select(SimdVector128<T> mask, SimdVector128<T> whenSet, SimdVector128<T> whenClear) => new(Vector128.ConditionalSelect(mask.Vector, whenSet.Vector, whenClear.Vector));

    [MethodImpl(Inline)]
    public static bool Any(SimdVector128<T> mask) => mask.Vector.AsInt32() != Vector128<int>.Zero;

    [MethodImpl(Inline)]
    public static SimdVector128<T> AddBits(SimdVector128<T> a, SimdVector128<T> b) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() + b.Vector.AsInt32()).As<int, T>())
        : new((a.Vector.AsInt64() + b.Vector.AsInt64()).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector128<T> SubtractBits(SimdVector128<T> a, SimdVector128<T> b) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() - b.Vector.AsInt32()).As<int, T>())
        : new((a.Vector.AsInt64() - b.Vector.AsInt64()).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector128<T> ShiftLeftBits(SimdVector128<T> a, int count) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() << count).As<int, T>())
        : new((a.Vector.AsInt64() << count).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector128<T> ShiftRightBits(SimdVector128<T> a, int count) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() >>> count).As<int, T>())
        : new((a.Vector.AsInt64() >>> count).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector128<T> ShiftRightArithmeticBits(SimdVector128<T> a, int count) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() >> count).As<int, T>())
        : new((a.Vector.AsInt64() >> count).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector128<T> operator +(SimdVector128<T> a, SimdVector128<T> b) => new(a.Vector + b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector128<T> operator -(SimdVector128<T> a, SimdVector128<T> b) => new(a.Vector - b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector128<T> operator *(SimdVector128<T> a, SimdVector128<T> b) => new(a.Vector * b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector128<T> operator /(SimdVector128<T> a, SimdVector128<T> b) => new(a.Vector / b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector128<T> operator -(SimdVector128<T> x) => new(-x.Vector);

    [MethodImpl(Inline)]
    public static SimdVector128<T> operator &(SimdVector128<T> a, SimdVector128<T> b) => new(a.Vector & b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector128<T> operator |(SimdVector128<T> a, SimdVector128<T> b) => new(a.Vector | b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector128<T> operator ^(SimdVector128<T> a, SimdVector128<T> b) => new(a.Vector ^ b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector128<T> operator ~(SimdVector128<T> x) => new(~x.Vector);
}
