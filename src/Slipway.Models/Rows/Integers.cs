namespace Slipway.Models.Rows;

/// <summary>Cells of type <see cref="CellType.Integer"/>.</summary>
internal static class Integers
{
    /// <summary>2⁵³: up to here a cell holds every integer.</summary>
    public const double Largest = 9_007_199_254_740_992;

    /// <returns><see cref="Cell.Invalid"/> when the number is not whole or too large.</returns>
    public static double Of(double number) => Math.Abs(number) <= Largest && Math.Floor(number) == number ? number : Cell.Invalid;
}
