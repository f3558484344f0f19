using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>Division of integers that never faults the process: zero is a bad record, and the one quotient that does not fit wraps.</summary>
internal static class IntegerDivision
{
    public static T Quotient<T>(T a, T b)
        where T : unmanaged, INumber<T>
    {
        if (T.IsZero(b)) throw new RecordException("an integer is divided by zero");
        return b == -T.One && T.IsNegative(b) ? T.Zero - a : a / b;
    }

    /// <summary>What truncating division leaves: has the sign of the dividend.</summary>
    public static T Remainder<T>(T a, T b)
        where T : unmanaged, INumber<T>
    {
        if (T.IsZero(b)) throw new RecordException("the remainder of an integer by zero is wanted");
        return b == -T.One && T.IsNegative(b) ? T.Zero : a % b;
    }
}
