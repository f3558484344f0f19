namespace Slipway.Models.Rows.Regressions;

internal static class Winner
{
    /// <summary>The index of the greatest value; the first of equals.</summary>
    public static int Of(ReadOnlySpan<double> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best]) best = i;
        }
        return best;
    }
}
