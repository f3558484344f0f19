namespace Slipway.Monitoring.Statistics;

/// <summary>
/// Holm's step-down procedure (1979): with many tests at once, the probability of even one false alarm stays at most the level, whatever the dependence.
/// </summary>
public static class Holm
{
    /// <summary>Adjusted p-values, in the order given: a test is significant when its adjusted p-value is at most the level.</summary>
    public static double[] Adjust(ReadOnlySpan<double> pValues)
    {
        var adjusted = new double[pValues.Length];
        double largest = 0;
        var order = Order(pValues);
        for (var rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, pValues[order[rank]] * (order.Length - rank)));
            adjusted[order[rank]] = largest;
        }
        return adjusted;
    }

    /// <summary>The level that each test, in the order given, is held against; a test is significant exactly when its own p-value is at most this.</summary>
    public static double[] Levels(ReadOnlySpan<double> pValues, double level)
    {
        var levels = new double[pValues.Length];
        var order = Order(pValues);
        var stopped = false;
        double current = 0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            // After the first test that does not pass nothing else can, so the level stays what it was there.
            if (!stopped) current = level / (order.Length - rank);
            levels[order[rank]] = current;
            stopped |= pValues[order[rank]] > current;
        }
        return levels;
    }

    private static int[] Order(ReadOnlySpan<double> pValues)
    {
        var order = new int[pValues.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(pValues.ToArray(), order);
        return order;
    }
}
