namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Adds numbers in the order in which numpy's <c>sum</c> does along a row, so that the last bit is the same.</summary>
internal static class PairwiseSum
{
    private const int Block = 128;

    public static double Of(ReadOnlySpan<double> values)
    {
        if (values.Length < 8)
        {
            // numpy's sum starts from -0 there, which changes no sum but that of nothing.
            var sum = 0.0;
            foreach (var value in values) sum += value;
            return sum;
        }
        if (values.Length > Block)
        {
            var half = values.Length / 2;
            half -= half % 8;
            return Of(values[..half]) + Of(values[half..]);
        }
        var (a, b, c, d, e, f, g, h) = (values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]);
        var at = 8;
        for (; at <= values.Length - 8; at += 8)
        {
            a += values[at];
            b += values[at + 1];
            c += values[at + 2];
            d += values[at + 3];
            e += values[at + 4];
            f += values[at + 5];
            g += values[at + 6];
            h += values[at + 7];
        }
        var total = a + b + (c + d) + (e + f + (g + h));
        for (; at < values.Length; at++) total += values[at];
        return total;
    }
}
