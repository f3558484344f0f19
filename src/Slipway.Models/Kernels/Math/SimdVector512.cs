using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>512 bits of lanes: AVX-512.</summary>
internal readonly struct SimdVector512<T>(Vector512<T> vector) : ISimdVector<SimdVector512<T>, T>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public Vector512<T> Vector { get; } = vector;

    public static int Count => Vector512<T>.Count;

    [MethodImpl(Inline)]
    public static SimdVector512<T> Create(T value) => new(Vector512.Create(value));

    [MethodImpl(Inline)]
    public static SimdVector512<T> Load(ref T start, int offset) => new(Vector512.LoadUnsafe(ref start, (nuint)offset));

    [MethodImpl(Inline)]
    public static void Store(SimdVector512<T> value, ref T start, int offset) => value.Vector.StoreUnsafe(ref start, (nuint)offset);

    [MethodImpl(Inline)]
    public static SimdVector512<T> LoadSingle(ref float start, int offset)
    {
        var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(ref start, (nuint)offset));
        return new(Vector512.Create(lower, upper).As<double, T>());
    }

    [MethodImpl(Inline)]
    public static void StoreSingle(SimdVector512<T> value, ref float start, int offset) =>
        Vector256.Narrow(value.Vector.AsDouble().GetLower(), value.Vector.AsDouble().GetUpper()).StoreUnsafe(ref start, (nuint)offset);

    [MethodImpl(Inline)]
    public static SimdVector512<T> FusedMultiplyAdd(SimdVector512<T> a, SimdVector512<T> b, SimdVector512<T> c) => typeof(T) == typeof(float)
        ? new(Vector512.FusedMultiplyAdd(a.Vector.AsSingle(), b.Vector.AsSingle(), c.Vector.AsSingle()).As<float, T>())
        : new(Vector512.FusedMultiplyAdd(a.Vector.AsDouble(), b.Vector.AsDouble(), c.Vector.AsDouble()).As<double, T>());

    [MethodImpl(Inline)]
    public static SimdVector512<T> Sqrt(SimdVector512<T> x) => new(Vector512.Sqrt(x.Vector));

    [MethodImpl(Inline)]
    public static SimdVector512<T> Abs(SimdVector512<T> x) => new(Vector512.Abs(x.Vector));

    [MethodImpl(Inline)]
    public static SimdVector512<T> Max(SimdVector512<T> a, SimdVector512<T> b) => new(Vector512.Max(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector512<T> Min(SimdVector512<T> a, SimdVector512<T> b) => new(Vector512.Min(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector512<T> LessThan(SimdVector512<T> a, SimdVector512<T> b) => new(Vector512.LessThan(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector512<T> LessThanOrEqual(SimdVector512<T> a, SimdVector512<T> b) => new(Vector512.LessThanOrEqual(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector512<T> AreEqual(SimdVector512<T> a, SimdVector512<T> b) => new(Vector512.Equals(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector512<T> Select(SimdVector512<T> mask, SimdVector512<T> whenSet, SimdVector512<T> whenClear) => new(Vector512.ConditionalSelect(mask.Vector, whenSet.Vector, whenClear.Vector));

    [MethodImpl(Inline)]
    public static bool Any(SimdVector512<T> mask) => mask.Vector.AsInt32() != Vector512<int>.Zero;

    [MethodImpl(Inline)]
    public static SimdVector512<T> AddBits(SimdVector512<T> a, SimdVector512<T> b) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() + b.Vector.AsInt32()).As<int, T>())
        : new((a.Vector.AsInt64() + b.Vector.AsInt64()).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector512<T> SubtractBits(SimdVector512<T> a, SimdVector512<T> b) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() - b.Vector.AsInt32()).As<int, T>())
        : new((a.Vector.AsInt64() - b.Vector.AsInt64()).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector512<T> ShiftLeftBits(SimdVector512<T> a, int count) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() << count).As<int, T>())
        : new((a.Vector.AsInt64() << count).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector512<T> ShiftRightBits(SimdVector512<T> a, int count) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() >>> count).As<int, T>())
        : new((a.Vector.AsInt64() >>> count).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector512<T> ShiftRightArithmeticBits(SimdVector512<T> a, int count) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() >> count).As<int, T>())
        : new((a.Vector.AsInt64() >> count).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector512<T> operator +(SimdVector512<T> a, SimdVector512<T> b) => new(a.Vector + b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector512<T> operator -(SimdVector512<T> a, SimdVector512<T> b) => new(a.Vector - b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector512<T> operator *(SimdVector512<T> a, SimdVector512<T> b) => new(a.Vector * b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector512<T> operator /(SimdVector512<T> a, SimdVector512<T> b) => new(a.Vector / b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector512<T> operator -(SimdVector512<T> x) => new(-x.Vector);

    [MethodImpl(Inline)]
    public static SimdVector512<T> operator &(SimdVector512<T> a, SimdVector512<T> b) => new(a.Vector & b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector512<T> operator |(SimdVector512<T> a, SimdVector512<T> b) => new(a.Vector | b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector512<T> operator ^(SimdVector512<T> a, SimdVector512<T> b) => new(a.Vector ^ b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector512<T> operator ~(SimdVector512<T> x) => new(~x.Vector);
}
