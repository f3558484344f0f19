using System.Runtime.CompilerServices;

namespace Slipway.Models.Rows.Functions;

/// <summary>How a computed double becomes a cell of the result's type.</summary>
internal interface INumberResult
{
    static abstract CellType Type { get; }

    static abstract double Of(double value);
}

internal readonly struct Float64Result : INumberResult
{
    public static CellType Type => CellType.Float64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(double value) => value;
}

/// <summary>Computed in double precision, rounded once.</summary>
internal readonly struct Float32Result : INumberResult
{
    public static CellType Type => CellType.Float32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(double value) => (float)value;
}

/// <summary>Invalid unless whole and exact.</summary>
internal readonly struct IntegerResult : INumberResult
{
    public static CellType Type => CellType.Integer;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(double value) => Integers.Of(value);
}

/// <summary>A double; NaN says that the function is not defined there.</summary>
internal readonly struct DefinedResult : INumberResult
{
    public static CellType Type => CellType.Float64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(double value) => double.IsNaN(value) ? Cell.Invalid : value;
}
