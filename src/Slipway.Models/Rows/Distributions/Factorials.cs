namespace Slipway.Models.Rows.Distributions;

internal static class Factorials
{
    private static readonly double[] Logs = Table(64);

    /// <summary>ln n! of a whole number that is not negative: summed for small ones, by Stirling's series for the others.</summary>
    public static double Log(double n)
    {
        if (n < Logs.Length) return Logs[(int)n];
        var z = n + 1;
        var inverse = 1 / (z * z);
        return ((z - 0.5) * Math.Log(z)) - z + 0.91893853320467274178 + ((1.0 / 12 - (inverse * (1.0 / 360 - (inverse / 1260)))) / z);
    }

    private static double[] Table(int count)
    {
        var logs = new double[count];
        for (var i = 2; i < count; i++) logs[i] = logs[i - 1] + Math.Log(i);
        return logs;
    }
}
