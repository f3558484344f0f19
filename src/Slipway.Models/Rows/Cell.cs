using System.Runtime.CompilerServices;

namespace Slipway.Models.Rows;

/// <summary>
/// One value of a row program. Every cell is a <see cref="double"/>: numbers as they are, booleans as 0 and 1, text as a symbol
/// (see <see cref="SymbolTable"/>), dates as days and times as seconds (see <see cref="CellType"/>). A few payloads of NaN are no values.
/// Integers are exact up to 2⁵³.
/// </summary>
public static class Cell
{
    private const long MissingBits = 0x7FF8_0000_4D49_5353;
    private const long PendingBits = 0x7FF8_0000_5045_4E44;
    private const long RefusedBits = 0x7FF8_0000_5245_4655;
    private const long InvalidBits = 0x7FF8_0000_494E_5641;

    /// <summary>There is no value. Not the same as NaN, which is a value.</summary>
    public static double Missing => BitConverter.Int64BitsToDouble(MissingBits);

    /// <summary>Not computed yet: only in the slots of derived fields, never a result.</summary>
    internal static double Pending => BitConverter.Int64BitsToDouble(PendingBits);

    /// <summary>A function has no result for its arguments. Whoever applies it makes it an error or <see cref="Missing"/>; it is never kept.</summary>
    internal static double Invalid => BitConverter.Int64BitsToDouble(InvalidBits);

    /// <summary>An input with a value that the model does not allow: reading it refuses the record (see <see cref="Row.Read"/>).</summary>
    internal static double Refused => BitConverter.Int64BitsToDouble(RefusedBits);

    public static double True => 1;

    public static double False => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMissing(double cell) => BitConverter.DoubleToInt64Bits(cell) == MissingBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsPending(double cell) => BitConverter.DoubleToInt64Bits(cell) == PendingBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsInvalid(double cell) => BitConverter.DoubleToInt64Bits(cell) == InvalidBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsRefused(double cell) => BitConverter.DoubleToInt64Bits(cell) == RefusedBits;

    /// <summary>Missing or invalid. NaN is a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool HasNoValue(double cell) => double.IsNaN(cell) && (IsMissing(cell) || IsInvalid(cell));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(bool value) => value ? 1 : 0;

    /// <summary>The result of arithmetic as a value: a NaN that carries the payload of an operand becomes the plain one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Number(double value) => double.IsNaN(value) ? double.NaN : value;
}
