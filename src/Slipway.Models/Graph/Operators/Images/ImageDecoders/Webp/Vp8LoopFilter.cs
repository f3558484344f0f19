namespace Slipway.Models.Graph;

/// <summary>What smooths the edges of one macroblock.</summary>
/// <param name="Level">Strength, 0 (none) to 63.</param>
/// <param name="HasInner">Whether edges between blocks are smoothed too.</param>
internal readonly record struct Vp8Edges(byte Level, bool HasInner);

/// <summary>The loop filters of VP8 (RFC 6386, section 15).</summary>
/// <param name="samples">Of one component.</param>
internal readonly ref struct Vp8LoopFilter(Span<byte> samples, int stride)
{
    private readonly Span<byte> _samples = samples;

    /// <summary>The edges of a macroblock of one component, in their order: left, inner vertical, upper, inner horizontal.</summary>
    /// <param name="at">The first sample.</param>
    /// <param name="size">16 for luma, 8 for chroma.</param>
    public void Macroblock(int at, int size, bool hasLeft, bool hasAbove, Vp8Edges edges, int sharpness, bool isSimple)
    {
        int level = edges.Level;
        var interior = level >> (sharpness > 4 ? 2 : sharpness > 0 ? 1 : 0);
        if (sharpness > 0) interior = Math.Min(interior, 9 - sharpness);
        interior = Math.Max(interior, 1);
        // In halves, as the sums they are compared with; and so much more between macroblocks.
        var limit = (2 * ((2 * level) + interior)) + 1;
        var outer = limit + 8;
        var high = level >= 40 ? 2 : level >= 15 ? 1 : 0;
        if (hasLeft) Edge(at, 1, stride, size, outer, interior, high, isSimple, true);
        for (var x = 4; edges.HasInner && x < size; x += 4) Edge(at + x, 1, stride, size, limit, interior, high, isSimple, false);
        if (hasAbove) Edge(at, stride, 1, size, outer, interior, high, isSimple, true);
        for (var y = 4; edges.HasInner && y < size; y += 4) Edge(at + (y * stride), stride, 1, size, limit, interior, high, isSimple, false);
    }

    /// <param name="across">From one side of the edge to the other.</param>
    /// <param name="along">From one place of the edge to the next.</param>
    private void Edge(int at, int across, int along, int length, int limit, int interior, int high, bool isSimple, bool isOuter)
    {
        for (var i = 0; i < length; i++, at += along)
        {
            int p1 = _samples[at - (2 * across)], p0 = _samples[at - across], q0 = _samples[at], q1 = _samples[at + across];
            if ((4 * Math.Abs(p0 - q0)) + Math.Abs(p1 - q1) > limit) continue;
            if (isSimple)
            {
                Two(at, across, p1, p0, q0, q1);
                continue;
            }
            int p3 = _samples[at - (4 * across)], p2 = _samples[at - (3 * across)], q2 = _samples[at + (2 * across)], q3 = _samples[at + (3 * across)];
            if (Math.Abs(p3 - p2) > interior || Math.Abs(p2 - p1) > interior || Math.Abs(p1 - p0) > interior || Math.Abs(q1 - q0) > interior || Math.Abs(q2 - q1) > interior || Math.Abs(q3 - q2) > interior) continue;
            if (Math.Abs(p1 - p0) > high || Math.Abs(q1 - q0) > high) Two(at, across, p1, p0, q0, q1);
            else if (isOuter) Six(at, across, p2, p1, p0, q0, q1, q2);
            else Four(at, across, p1, p0, q0, q1);
        }
    }

    private void Two(int at, int across, int p1, int p0, int q0, int q1)
    {
        var a = Signed(Signed(p1 - q1) + (3 * (q0 - p0)));
        _samples[at - across] = Vp8Transform.Clamp(p0 + (Signed(a + 3) >> 3));
        _samples[at] = Vp8Transform.Clamp(q0 - (Signed(a + 4) >> 3));
    }

    private void Four(int at, int across, int p1, int p0, int q0, int q1)
    {
        var a = Signed(3 * (q0 - p0));
        var (p, q) = (Signed(a + 3) >> 3, Signed(a + 4) >> 3);
        var half = (q + 1) >> 1;
        _samples[at - (2 * across)] = Vp8Transform.Clamp(p1 + half);
        _samples[at - across] = Vp8Transform.Clamp(p0 + p);
        _samples[at] = Vp8Transform.Clamp(q0 - q);
        _samples[at + across] = Vp8Transform.Clamp(q1 - half);
    }

    private void Six(int at, int across, int p2, int p1, int p0, int q0, int q1, int q2)
    {
        var a = Signed(Signed(p1 - q1) + (3 * (q0 - p0)));
        var (near, middle, far) = (((27 * a) + 63) >> 7, ((18 * a) + 63) >> 7, ((9 * a) + 63) >> 7);
        _samples[at - (3 * across)] = Vp8Transform.Clamp(p2 + far);
        _samples[at - (2 * across)] = Vp8Transform.Clamp(p1 + middle);
        _samples[at - across] = Vp8Transform.Clamp(p0 + near);
        _samples[at] = Vp8Transform.Clamp(q0 - near);
        _samples[at + across] = Vp8Transform.Clamp(q1 - middle);
        _samples[at + (2 * across)] = Vp8Transform.Clamp(q2 - far);
    }

    private static int Signed(int value) => Math.Clamp(value, -128, 127);
}
