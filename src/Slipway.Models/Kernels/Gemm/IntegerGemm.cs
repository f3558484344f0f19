namespace Slipway.Models.Kernels;

/// <summary>
/// Products of small integers, <c>C = (A − a₀)·(B − b₀)</c>: A [M, K] and B [K, N] of int8 or uint8 in any mixture, C [M, N] of int32. Exact; a sum beyond int32 wraps around.
/// Zero points are for a whole operand, for each row of A and for each column of B.
/// </summary>
internal static unsafe class IntegerGemm
{
    /// <summary>A product with B packed at load.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">Read at <c>i·aRowStride + k·aColumnStride</c>.</param>
    /// <param name="aRowStride">K where A is dense.</param>
    /// <param name="aColumnStride">1 where A is dense.</param>
    /// <param name="aZeroPoints">None for 0, one for all rows, or one for each.</param>
    /// <param name="b">[K, N] with its zero points.</param>
    /// <param name="c">Written at <c>i·cRowStride + j</c>; must not overlap an operand.</param>
    /// <param name="cRowStride">N where C is dense.</param>
    /// <param name="threads">Most threads; 1 stays on the caller's.</param>
    /// <typeparam name="T"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <exception cref="ArgumentException">An operand is shorter than its sizes and strides say, or the sizes of the operands differ.</exception>
    public static void Run<T>(int m, int n, int k, ReadOnlySpan<T> a, int aRowStride, int aColumnStride, ReadOnlySpan<T> aZeroPoints, PackedIntegers b, Span<int> c, int cRowStride, int threads)
        where T : unmanaged
    {
        GemmChecks.Same(b.Rows, k, "K, the rows of the packed B");
        GemmChecks.Same(b.Columns, n, "N, the columns of the packed B");
        GemmChecks.Operand(a.Length, m, aRowStride, k, aColumnStride, nameof(a));
        GemmChecks.ZeroPoints(aZeroPoints.Length, m, nameof(aZeroPoints));
        GemmChecks.Result(c.Length, m, n, cRowStride, nameof(c));
        fixed (T* pa = a, zeroPoints = aZeroPoints)
        fixed (int* pc = c)
        {
            var problem = new IntegerProblem
            {
                M = m, N = n, K = k, A = (byte*)pa, ARow = aRowStride, AColumn = aColumnStride, Flip = IntegerSign.IsSigned<T>() ? (byte)0x80 : (byte)0,
                AZeroPoints = (byte*)zeroPoints, AZeroPointStep = aZeroPoints.Length > 1 ? 1 : 0, B = b.Pointer, BSums = b.Sums, BZeroPoints = b.ZeroPoints, C = pc, CRow = cRowStride,
            };
            IntegerWork.Run(b.Driver, problem, threads);
        }
        GC.KeepAlive(b);
    }

    /// <summary>As many products as <paramref name="batches"/> says, of operands that are known only now: each B is packed on the way, in memory that is kept.</summary>
    /// <param name="batches">0 or more.</param>
    /// <param name="aBatchStride">From a product's A to the next; 0 where all share it.</param>
    /// <param name="b">Read at <c>k·bRowStride + j·bColumnStride</c>.</param>
    /// <param name="bBatchStride">From a product's B to the next; 0 where all share it.</param>
    /// <param name="bRowStride">N where B is dense.</param>
    /// <param name="bColumnStride">1 where B is dense.</param>
    /// <param name="bZeroPoints">None for 0, one for all columns, or one for each.</param>
    /// <param name="cBatchStride">From a product's C to the next; they must not overlap.</param>
    /// <param name="kernel">The micro-kernel; tests force one.</param>
    /// <typeparam name="TLeft"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <typeparam name="TRight"><see cref="byte"/> or <see cref="sbyte"/>.</typeparam>
    /// <inheritdoc cref="Run{T}"/>
    public static void RunBatch<TLeft, TRight>(int batches, int m, int n, int k, ReadOnlySpan<TLeft> a, int aBatchStride, int aRowStride, int aColumnStride, ReadOnlySpan<TLeft> aZeroPoints, ReadOnlySpan<TRight> b, int bBatchStride, int bRowStride, int bColumnStride, ReadOnlySpan<TRight> bZeroPoints, Span<int> c, int cBatchStride, int cRowStride, int threads, IntegerKernel kernel = IntegerKernel.Automatic)
        where TLeft : unmanaged
        where TRight : unmanaged
    {
        GemmChecks.Batch(a.Length, batches, aBatchStride, m, aRowStride, k, aColumnStride, nameof(a));
        GemmChecks.Batch(b.Length, batches, bBatchStride, k, bRowStride, n, bColumnStride, nameof(b));
        GemmChecks.Batch(c.Length, batches, cBatchStride, m, cRowStride, n, 1, nameof(c));
        if (m == 0 || n == 0) return;
        var packed = IntegerSpare.Take(IntegerDriver.For(kernel));
        for (var batch = 0; batch < batches; batch++)
        {
            if (batch == 0 || bBatchStride > 0) packed.Fill(k, n, k == 0 ? default : b[(batch * bBatchStride)..], bRowStride, bColumnStride, bZeroPoints);
            Run(m, n, k, k == 0 ? default : a[(batch * aBatchStride)..], aRowStride, aColumnStride, aZeroPoints, packed, c[(batch * cBatchStride)..], cRowStride, threads);
        }
        IntegerSpare.Give(packed);
    }
}
