using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>
/// A vector of <typeparamref name="T"/> of some width. Kernels written over it have one source for every width, and the same bits on each:
/// every operation here is exact or correctly rounded for each lane by itself. Comparisons give a mask: all bits of a lane, or none.
/// Members named <c>Bits</c> take the lanes as two's complement integers of the same size.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface ISimdVector<TSelf, T> :
    IAdditionOperators<TSelf, TSelf, TSelf>, ISubtractionOperators<TSelf, TSelf, TSelf>, IMultiplyOperators<TSelf, TSelf, TSelf>,
    IDivisionOperators<TSelf, TSelf, TSelf>, IUnaryNegationOperators<TSelf, TSelf>, IBitwiseOperators<TSelf, TSelf, TSelf>
    where TSelf : unmanaged, ISimdVector<TSelf, T>
    where T : unmanaged
{
    static abstract int Count { get; }

    static abstract TSelf Create(T value);
    static abstract TSelf Load(ref T start, int offset);
    static abstract void Store(TSelf value, ref T start, int offset);

    /// <summary>Reads <see cref="Count"/> float32 numbers as float64. <typeparamref name="T"/> is <see cref="double"/>.</summary>
    static abstract TSelf LoadSingle(ref float start, int offset);

    /// <summary>Writes <see cref="Count"/> float64 numbers rounded to float32. <typeparamref name="T"/> is <see cref="double"/>.</summary>
    static abstract void StoreSingle(TSelf value, ref float start, int offset);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Sqrt(TSelf x);
    static abstract TSelf Abs(TSelf x);

    /// <summary>The larger; NaN when either is, −0 below +0.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>The smaller; NaN when either is, −0 below +0.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    static abstract TSelf LessThan(TSelf a, TSelf b);
    static abstract TSelf LessThanOrEqual(TSelf a, TSelf b);
    static abstract TSelf AreEqual(TSelf a, TSelf b);
    static abstract TSelf Select(TSelf mask, TSelf whenSet, TSelf whenClear);
    static abstract bool Any(TSelf mask);

    static abstract TSelf AddBits(TSelf a, TSelf b);
    static abstract TSelf SubtractBits(TSelf a, TSelf b);
    static abstract TSelf ShiftLeftBits(TSelf a, int count);
    static abstract TSelf ShiftRightBits(TSelf a, int count);
    static abstract TSelf ShiftRightArithmeticBits(TSelf a, int count);
}
