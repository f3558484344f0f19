using System.Numerics;

namespace Slipway.Models.Kernels;

/// <summary>
/// Matrix products <c>C = epilogue(A·B)</c> of float32 or float64: A [M, K], B [K, N], C [M, N].
/// </summary>
/// <remarks>
/// <para>Element <c>c[i, j]</c> is always one chain <c>s = fma(a[i, k], b[k, j], s)</c> for k = 0, 1, … K−1 from s = 0, each step rounded once, and then the epilogue. K is
/// never split among accumulators: a chain that is interrupted at the end of a block goes on from what C holds. So the bits are the same for every micro-kernel,
/// tile, block, thread count, position in a batch and number of rows; only which of several NaNs results is open.</para>
/// <para>C must not overlap an operand. Strides are in elements, 0 or more. Every size and length is checked before the loops over pointers start.</para>
/// </remarks>
internal static unsafe class Gemm
{
    /// <summary>A product with B packed at load.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B; 0 gives the epilogue of zeros.</param>
    /// <param name="a">Read at <c>i·aRowStride + k·aColumnStride</c>.</param>
    /// <param name="aRowStride">K where A is dense.</param>
    /// <param name="aColumnStride">1 where A is dense.</param>
    /// <param name="b">[K, N].</param>
    /// <param name="c">Written at <c>i·cRowStride + j</c>; what it held does not matter.</param>
    /// <param name="cRowStride">N where C is dense.</param>
    /// <param name="epilogue">What happens to each element; <c>default</c> for nothing.</param>
    /// <param name="threads">Most threads; 1 stays on the caller's.</param>
    /// <exception cref="ArgumentException">An operand is shorter than its sizes and strides say, or the sizes of the operands differ.</exception>
    public static void Run<T>(int m, int n, int k, ReadOnlySpan<T> a, int aRowStride, int aColumnStride, PackedMatrix<T> b, Span<T> c, int cRowStride, in GemmEpilogue<T> epilogue, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GemmChecks.Same(b.Rows, k, "K, the rows of the packed B");
        GemmChecks.Same(b.Columns, n, "N, the columns of the packed B");
        GemmChecks.Operand(a.Length, m, aRowStride, k, aColumnStride, nameof(a));
        GemmChecks.Result(c.Length, m, n, cRowStride, nameof(c));
        GemmChecks.Epilogue(epilogue, m, n);
        fixed (T* pa = a, pc = c, bias = epilogue.Bias, residual = epilogue.Residual)
        {
            var problem = new GemmProblem<T>
            {
                M = m, N = n, K = k, A = pa, ARow = aRowStride, AColumn = aColumnStride, B = b.Pointer, BPacked = true, C = pc, CRow = cRowStride,
                Epilogue = Loop(epilogue, bias, residual),
            };
            GemmWork<T>.Run(b.Driver, problem, 1, 0, 0, 0, threads);
        }
        GC.KeepAlive(b);
    }

    /// <summary>A product with A packed at load, as of a convolution whose weights are the left operand.</summary>
    /// <param name="a">[M, K].</param>
    /// <param name="b">Read at <c>k·bRowStride + j·bColumnStride</c>.</param>
    /// <inheritdoc cref="Run{T}(int, int, int, ReadOnlySpan{T}, int, int, PackedMatrix{T}, Span{T}, int, in GemmEpilogue{T}, int)"/>
    public static void Run<T>(int m, int n, int k, PackedRows<T> a, ReadOnlySpan<T> b, int bRowStride, int bColumnStride, Span<T> c, int cRowStride, in GemmEpilogue<T> epilogue, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GemmChecks.Same(a.Rows, m, "M, the rows of the packed A");
        GemmChecks.Same(a.Columns, k, "K, the columns of the packed A");
        GemmChecks.Operand(b.Length, k, bRowStride, n, bColumnStride, nameof(b));
        GemmChecks.Result(c.Length, m, n, cRowStride, nameof(c));
        GemmChecks.Epilogue(epilogue, m, n);
        fixed (T* pb = b, pc = c, bias = epilogue.Bias, residual = epilogue.Residual)
        {
            var problem = new GemmProblem<T>
            {
                M = m, N = n, K = k, A = a.Pointer, APacked = true, B = pb, BRow = bRowStride, BColumn = bColumnStride, C = pc, CRow = cRowStride,
                Epilogue = Loop(epilogue, bias, residual),
            };
            GemmWork<T>.Run(a.Driver, problem, 1, 0, 0, 0, threads);
        }
        GC.KeepAlive(a);
    }

    /// <summary>A product of two operands that are known only now: blocks of both are packed on the way, in memory that the kernels keep.</summary>
    /// <param name="kernel">The micro-kernel; tests force one.</param>
    /// <inheritdoc cref="Run{T}(int, int, int, PackedRows{T}, ReadOnlySpan{T}, int, int, Span{T}, int, in GemmEpilogue{T}, int)"/>
    public static void Run<T>(int m, int n, int k, ReadOnlySpan<T> a, int aRowStride, int aColumnStride, ReadOnlySpan<T> b, int bRowStride, int bColumnStride, Span<T> c, int cRowStride, in GemmEpilogue<T> epilogue, int threads, GemmKernel kernel = GemmKernel.Automatic)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RunBatch(1, m, n, k, a, 0, aRowStride, aColumnStride, b, 0, bRowStride, bColumnStride, c, 0, cRowStride, epilogue, threads, kernel);

    /// <summary>
    /// As many products as <paramref name="batches"/> says. The epilogue's bias is the same for all; its residual moves on with C, by
    /// <paramref name="cBatchStride"/>.
    /// </summary>
    /// <param name="batches">0 or more.</param>
    /// <param name="aBatchStride">From a product's A to the next; 0 where all share it.</param>
    /// <param name="bBatchStride">From a product's B to the next; 0 where all share it.</param>
    /// <param name="cBatchStride">From a product's C to the next; they must not overlap.</param>
    /// <inheritdoc cref="Run{T}(int, int, int, ReadOnlySpan{T}, int, int, ReadOnlySpan{T}, int, int, Span{T}, int, in GemmEpilogue{T}, int, GemmKernel)"/>
    public static void RunBatch<T>(int batches, int m, int n, int k, ReadOnlySpan<T> a, int aBatchStride, int aRowStride, int aColumnStride, ReadOnlySpan<T> b, int bBatchStride, int bRowStride, int bColumnStride, Span<T> c, int cBatchStride, int cRowStride, in GemmEpilogue<T> epilogue, int threads, GemmKernel kernel = GemmKernel.Automatic)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GemmChecks.Batch(a.Length, batches, aBatchStride, m, aRowStride, k, aColumnStride, nameof(a));
        GemmChecks.Batch(b.Length, batches, bBatchStride, k, bRowStride, n, bColumnStride, nameof(b));
        GemmChecks.Batch(c.Length, batches, cBatchStride, m, cRowStride, n, 1, nameof(c));
        GemmChecks.Rows(m, n, cRowStride, nameof(c));
        GemmChecks.Epilogue(epilogue, m, n);
        if (!epilogue.Residual.IsEmpty) GemmChecks.Batch(epilogue.Residual.Length, batches, cBatchStride, m, epilogue.ResidualRowStride, n, 1, nameof(epilogue));
        fixed (T* pa = a, pb = b, pc = c, bias = epilogue.Bias, residual = epilogue.Residual)
        {
            var problem = new GemmProblem<T>
            {
                M = m, N = n, K = k, A = pa, ARow = aRowStride, AColumn = aColumnStride, B = pb, BRow = bRowStride, BColumn = bColumnStride, C = pc, CRow = cRowStride,
                Epilogue = Loop(epilogue, bias, residual),
            };
            GemmWork<T>.Run(GemmDriver<T>.For(kernel), problem, batches, aBatchStride, bBatchStride, cBatchStride, threads);
        }
    }

    private static EpilogueLoop<T> Loop<T>(in GemmEpilogue<T> epilogue, T* bias, T* residual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new()
        {
            Bias = bias, BiasKind = epilogue.BiasKind, Residual = residual, ResidualRow = epilogue.ResidualRowStride, Alpha = epilogue.Alpha ?? T.One, Beta = epilogue.Beta ?? T.One,
            Activation = epilogue.Activation.Kind, Low = T.CreateTruncating(epilogue.Activation.Alpha), High = T.CreateTruncating(epilogue.Activation.Beta),
        };
}
