using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Kernels;

/// <summary>256 bits of lanes: AVX2.</summary>
internal readonly struct SimdVector256<T>(Vector256<T> vector) : ISimdVector<SimdVector256<T>, T>
    where T : unmanaged
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public Vector256<T> Vector { get; } = vector;

    public static int Count => Vector256<T>.Count;

    [MethodImpl(Inline)]
    public static SimdVector256<T> Create(T value) => new(Vector256.Create(value));

    [MethodImpl(Inline)]
    public static SimdVector256<T> Load(ref T start, int offset) => new(Vector256.LoadUnsafe(ref start, (nuint)offset));

    [MethodImpl(Inline)]
    public static void Store(SimdVector256<T> value, ref T start, int offset) => value.Vector.StoreUnsafe(ref start, (nuint)offset);

    [MethodImpl(Inline)]
    public static SimdVector256<T> LoadSingle(ref float start, int offset)
    {
        var (lower, upper) = Vector128.Widen(Vector128.LoadUnsafe(ref start, (nuint)offset));
        return new(Vector256.Create(lower, upper).As<double, T>());
    }

    [MethodImpl(Inline)]
    public static void StoreSingle(SimdVector256<T> value, ref float start, int offset) =>
        Vector128.Narrow(value.Vector.AsDouble().GetLower(), value.Vector.AsDouble().GetUpper()).StoreUnsafe(ref start, (nuint)offset);

    [MethodImpl(Inline)]
    public static SimdVector256<T> FusedMultiplyAdd(SimdVector256<T> a, SimdVector256<T> b, SimdVector256<T> c) => typeof(T) == typeof(float)
        ? new(Vector256.FusedMultiplyAdd(a.Vector.AsSingle(), b.Vector.AsSingle(), c.Vector.AsSingle()).As<float, T>())
        : new(Vector256.FusedMultiplyAdd(a.Vector.AsDouble(), b.Vector.AsDouble(), c.Vector.AsDouble()).As<double, T>());

    [MethodImpl(Inline)]
    public static SimdVector256<T> Sqrt(SimdVector256<T> x) => new(Vector256.Sqrt(x.Vector));

    [MethodImpl(Inline)]
    public static SimdVector256<T> Abs(SimdVector256<T> x) => new(Vector256.Abs(x.Vector));

    [MethodImpl(Inline)]
    public static SimdVector256<T> Max(SimdVector256<T> a, SimdVector256<T> b) => new(Vector256.Max(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector256<T> Min(SimdVector256<T> a, SimdVector256<T> b) => new(Vector256.Min(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector256<T> LessThan(SimdVector256<T> a, SimdVector256<T> b) => new(Vector256.LessThan(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector256<T> LessThanOrEqual(SimdVector256<T> a, SimdVector256<T> b) => new(Vector256.LessThanOrEqual(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector256<T> AreEqual(SimdVector256<T> a, SimdVector256<T> b) => new(Vector256.Equals(a.Vector, b.Vector));

    [MethodImpl(Inline)]
    public static SimdVector256<T> Select(SimdVector256<T> mask, SimdVector256<T> whenSet, SimdVector256<T> whenClear) => new(Vector256.ConditionalSelect(mask.Vector, whenSet.Vector, whenClear.Vector));

    [MethodImpl(Inline)]
    public static bool Any(SimdVector256<T> mask) => mask.Vector.AsInt32() != Vector256<int>.Zero;

    [MethodImpl(Inline)]
    public static SimdVector256<T> AddBits(SimdVector256<T> a, SimdVector256<T> b) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() + b.Vector.AsInt32()).As<int, T>())
        : new((a.Vector.AsInt64() + b.Vector.AsInt64()).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector256<T> SubtractBits(SimdVector256<T> a, SimdVector256<T> b) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() - b.Vector.AsInt32()).As<int, T>())
        : new((a.Vector.AsInt64() - b.Vector.AsInt64()).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector256<T> ShiftLeftBits(SimdVector256<T> a, int count) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() << count).As<int, T>())
        : new((a.Vector.AsInt64() << count).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector256<T> ShiftRightBits(SimdVector256<T> a, int count) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() >>> count).As<int, T>())
        : new((a.Vector.AsInt64() >>> count).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector256<T> ShiftRightArithmeticBits(SimdVector256<T> a, int count) => typeof(T) == typeof(float)
        ? new((a.Vector.AsInt32() >> count).As<int, T>())
        : new((a.Vector.AsInt64() >> count).As<long, T>());

    [MethodImpl(Inline)]
    public static SimdVector256<T> operator +(SimdVector256<T> a, SimdVector256<T> b) => new(a.Vector + b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector256<T> operator -(SimdVector256<T> a, SimdVector256<T> b) => new(a.Vector - b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector256<T> operator *(SimdVector256<T> a, SimdVector256<T> b) => new(a.Vector * b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector256<T> operator /(SimdVector256<T> a, SimdVector256<T> b) => new(a.Vector / b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector256<T> operator -(SimdVector256<T> x) => new(-x.Vector);

    [MethodImpl(Inline)]
    public static SimdVector256<T> operator &(SimdVector256<T> a, SimdVector256<T> b) => new(a.Vector & b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector256<T> operator |(SimdVector256<T> a, SimdVector256<T> b) => new(a.Vector | b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector256<T> operator ^(SimdVector256<T> a, SimdVector256<T> b) => new(a.Vector ^ b.Vector);

    [MethodImpl(Inline)]
    public static SimdVector256<T> operator ~(SimdVector256<T> x) => new(~x.Vector);
}
