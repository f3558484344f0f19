namespace Slipway.Models.Rows.NeuralNetworks;

/// <summary>The inverse of a piecewise linear function, whose first and last pieces go on beyond its ends.</summary>
/// <param name="from">The function's arguments.</param>
/// <param name="to">Its values there, ascending or descending; a value that two neighbours share is taken for the first.</param>
internal sealed class Denormalization(double[] from, double[] to)
{
    private readonly bool _descends = to[^1] < to[0];

    public double Of(double value)
    {
        var piece = 0;
        while (piece < to.Length - 2 && (_descends ? value <= to[piece + 1] : value >= to[piece + 1])) piece++;
        var (low, high) = (to[piece], to[piece + 1]);
        return low == high ? from[piece] : ((value - low) / (high - low) * (from[piece + 1] - from[piece])) + from[piece];
    }
}
