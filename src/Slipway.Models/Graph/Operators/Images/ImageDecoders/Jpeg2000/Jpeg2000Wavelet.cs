namespace Slipway.Models.Graph;

/// <summary>One line of an inverse wavelet transform, low and high samples in turns.</summary>
internal interface ILifting<T>
{
    /// <param name="isOdd">Whether the first sample is a high one.</param>
    static abstract void Undo(Span<T> line, bool isOdd);
}

/// <summary>The reversible transform of 5 and 3 taps (ITU-T T.800, annex F).</summary>
internal readonly struct ReversibleLifting : ILifting<int>
{
    public static void Undo(Span<int> line, bool isOdd)
    {
        if (line.Length == 1)
        {
            if (isOdd) line[0] /= 2;
            return;
        }
        var low = isOdd ? 1 : 0;
        for (var i = low; i < line.Length; i += 2) line[i] -= (Sum(line, i) + 2) >> 2;
        for (var i = 1 - low; i < line.Length; i += 2) line[i] += Sum(line, i) >> 1;
    }

    /// <summary>Of both neighbours; at an end the one counts twice.</summary>
    private static int Sum(ReadOnlySpan<int> line, int i) => line[i > 0 ? i - 1 : 1] + line[i + 1 < line.Length ? i + 1 : i - 1];
}

/// <summary>The irreversible transform of 9 and 7 taps (ITU-T T.800, annex F), in single precision with OpenJPEG's constants: its high samples come at half their size, which it makes good here.</summary>
internal readonly struct IrreversibleLifting : ILifting<float>
{
    private const float Low = 1.230174105f, High = 1.625732422f;

    private const float Alpha = 1.586134342f, Beta = 0.052980118f, Gamma = -0.882911075f, Delta = -0.443506852f;

    public static void Undo(Span<float> line, bool isOdd)
    {
        if (line.Length == 1) return;
        var low = isOdd ? 1 : 0;
        for (var i = 0; i < line.Length; i++) line[i] *= (i & 1) == low ? Low : High;
        Step(line, low, Delta);
        Step(line, 1 - low, Gamma);
        Step(line, low, Beta);
        Step(line, 1 - low, Alpha);
    }

    private static void Step(Span<float> line, int start, float factor)
    {
        for (var i = start; i < line.Length; i += 2) line[i] += (line[i > 0 ? i - 1 : 1] + line[i + 1 < line.Length ? i + 1 : i - 1]) * factor;
    }
}

/// <summary>Puts the bands of a tile together again, one resolution after the other: rows, then columns.</summary>
internal static class Jpeg2000Wavelet
{
    /// <param name="samples">Of the largest resolution; a band lies after the samples of the resolution below it, to the right, below, or both.</param>
    public static void Undo<T, TLifting>(T[] samples, ReadOnlySpan<Jpeg2000Resolution> resolutions)
        where TLifting : ILifting<T>
    {
        var stride = resolutions[^1].Width;
        var buffer = new T[Math.Max(stride, resolutions[^1].Height)];
        for (var r = 1; r < resolutions.Length; r++)
        {
            var (below, of) = (resolutions[r - 1], resolutions[r]);
            for (var y = 0; y < of.Height; y++) UndoLine<T, TLifting>(samples, y * stride, 1, below.Width, buffer.AsSpan(0, of.Width), (of.X0 & 1) != 0);
            for (var x = 0; x < of.Width; x++) UndoLine<T, TLifting>(samples, x, stride, below.Height, buffer.AsSpan(0, of.Height), (of.Y0 & 1) != 0);
        }
    }

    private static void UndoLine<T, TLifting>(T[] samples, int start, int step, int low, Span<T> line, bool isOdd)
        where TLifting : ILifting<T>
    {
        if (line.IsEmpty) return;
        var (lowAt, highAt) = isOdd ? (1, 0) : (0, 1);
        for (var i = 0; i < line.Length; i++) line[i < low ? (2 * i) + lowAt : (2 * (i - low)) + highAt] = samples[start + (i * step)];
        TLifting.Undo(line, isOdd);
        for (var i = 0; i < line.Length; i++) samples[start + (i * step)] = line[i];
    }
}
