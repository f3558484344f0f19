using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>Rows of the left operand of <see cref="IntegerGemm"/>, all as numbers from 0 to 255.</summary>
internal static unsafe class IntegerRows
{
    /// <summary>Vectors whose bytes' sums, two by two, fit uint16.</summary>
    private const int VectorsOfUInt16 = ushort.MaxValue / (2 * byte.MaxValue);

    public static int Sum(in IntegerProblem problem, int row)
    {
        var a = problem.A + (row * problem.ARow);
        int sum = 0, k = 0;
        if (problem.AColumn == 1)
        {
            var flip = Vector.Create(problem.Flip);
            var total = Vector<uint>.Zero;
            while (k <= problem.K - Vector<byte>.Count)
            {
                var part = Vector<ushort>.Zero;
                for (var i = 0; i < VectorsOfUInt16 && k <= problem.K - Vector<byte>.Count; i++, k += Vector<byte>.Count)
                {
                    Vector.Widen(Vector.Load(a + k) ^ flip, out var low, out var high);
                    part += low + high;
                }
                Vector.Widen(part, out var lower, out var upper);
                total += lower + upper;
            }
            sum = (int)Vector.Sum(total);
        }
        for (; k < problem.K; k++) sum += a[k * problem.AColumn] ^ problem.Flip;
        return sum;
    }

    /// <summary>Writes the rows of each step side by side.</summary>
    /// <param name="problem">The left operand.</param>
    /// <param name="group">Elements of a step: 4 bytes in an int32, 2 as int16, or 1.</param>
    /// <param name="row">The first.</param>
    /// <param name="height">How many.</param>
    /// <param name="step">The first.</param>
    /// <param name="end">Behind the last.</param>
    /// <param name="to">Where they go.</param>
    public static void Pack(in IntegerProblem problem, int group, int row, int height, int step, int end, int* to)
    {
        var whole = Math.Min(end, problem.K / group) - step;
        var a = problem.A + (row * problem.ARow) + ((nint)step * group * problem.AColumn);
        if (group == 4 && problem.AColumn == 1) PackBytes(a, problem.ARow, problem.Flip, whole, height, to);
        else if (group == 2) PackPairs(a, problem.ARow, problem.AColumn, problem.Flip, whole, height, to);
        else PackAny(a, problem.ARow, problem.AColumn, problem.Flip, group, whole, height, to);
        if (step + whole == end) return;
        a += (nint)whole * group * problem.AColumn;
        to += (nint)whole * height;
        var shift = group == 2 ? 16 : 8;
        for (var i = 0; i < height; i++, a += problem.ARow)
        {
            to[i] = 0;
            for (var part = 0; part < problem.K % group; part++) to[i] |= (a[part * problem.AColumn] ^ problem.Flip) << (part * shift);
        }
    }

    private static void PackBytes(byte* a, nint row, byte flip, int steps, int height, int* to)
    {
        if (!Packing<int>.CanTranspose(steps, height))
        {
            PackAny(a, row, 1, flip, 4, steps, height, to);
            return;
        }
        Packing<int>.Transpose((int*)a, row, steps, height, height, to);
        if (flip == 0) return;
        var flips = flip * 0x01010101;
        foreach (ref var word in new Span<int>(to, steps * height)) word ^= flips;
    }

    private static void PackPairs(byte* a, nint row, nint column, byte flip, int steps, int height, int* to)
    {
        for (var i = 0; i < height; i++, a += row)
        {
            var read = a;
            var write = to + i;
            for (var step = 0; step < steps; step++, read += 2 * column, write += height) *write = (*read ^ flip) | ((read[column] ^ flip) << 16);
        }
    }

    private static void PackAny(byte* a, nint row, nint column, byte flip, int group, int steps, int height, int* to)
    {
        for (var i = 0; i < height; i++, a += row)
        {
            var read = a;
            var write = to + i;
            for (var step = 0; step < steps; step++, write += height)
            {
                var word = 0;
                for (var part = 0; part < group; part++, read += column) word |= (*read ^ flip) << (part * 8);
                *write = word;
            }
        }
    }
}
