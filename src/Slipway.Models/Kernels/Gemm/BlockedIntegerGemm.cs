using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// As <see cref="BlockedGemm{T, TVector, TLanes}"/>, for integers. The micro-kernel multiplies the values as they are; what the zero points a₀ and b₀ change is taken away from
/// the finished tile: <c>Σ(a − a₀)(b − b₀) = Σab − a₀·Σ(b − b₀) − b₀·Σa</c>. All of it wraps around in int32 as the sum itself would.
/// </summary>
internal sealed unsafe class BlockedIntegerGemm<TVector, TLanes> : IntegerDriver
    where TVector : unmanaged
    where TLanes : IIntegerLanes<sbyte, TVector>
{
    /// <summary>Bytes of a panel's block: most of a first-level cache of 48 KiB.</summary>
    private const int PanelBytes = 32 << 10;

    /// <summary>Bytes of a block of A: some of a second-level cache.</summary>
    private const int RowsBytes = 256 << 10;

    public override int VectorLength => TLanes.Count;

    public override int TileRows => TLanes.Rows;

    public override int Group => TLanes.Group;

    private static int BlockSteps => PanelBytes / (2 * TLanes.RightCount);

    private static int BlockStrips => RowsBytes / (BlockSteps * TLanes.Rows * sizeof(int));

    public override void Multiply(in IntegerProblem problem, int firstStrip, int endStrip, int firstPanel, int endPanel)
    {
        if (firstStrip == endStrip || firstPanel == endPanel) return;
        var (strips, panels) = (StripsOf(problem.M), PanelsOf(problem.N));
        if (problem.K == 0)
        {
            for (var row = strips.Start(firstStrip); row < strips.Start(endStrip); row++) new Span<int>(problem.C + (row * problem.CRow) + panels.Start(firstPanel), panels.Start(endPanel) - panels.Start(firstPanel)).Clear();
            return;
        }
        var steps = StepsOf(problem.K);
        var rows = strips.Start(endStrip) - strips.Start(firstStrip);
        var workspace = GemmWorkspace<int>.Rent((long)Math.Min(endStrip - firstStrip, BlockStrips) * TLanes.Rows * Math.Min(steps, BlockSteps), problem.BZeroPoints == null ? 0 : rows);
        var sums = problem.BZeroPoints == null ? null : workspace.Columns.Pointer;
        if (sums != null) SumRows(problem, strips.Start(firstStrip), rows, sums);
        for (var step = 0; step < steps; step += BlockSteps)
        {
            var end = Math.Min(step + BlockSteps, steps);
            for (var strip = firstStrip; strip < endStrip; strip += BlockStrips)
            {
                var stop = Math.Min(strip + BlockStrips, endStrip);
                PackRows(problem, strips, strip, stop, step, end, workspace.Rows.Pointer);
                for (int panel = firstPanel, together; panel < endPanel; panel += together)
                {
                    together = problem.M == 1 ? MultiplyRow(problem, panels, panel, endPanel, step, end, workspace.Rows.Pointer) : 1;
                    if (together == 1) Multiply(problem, panels, panel, strips, strip, stop, step, end, workspace.Rows.Pointer);
                    if (end == steps) Correct(problem, panels.Start(panel), panels.Start(panel + together), strips.Start(strip), strips.Start(stop), sums == null ? null : sums - strips.Start(firstStrip));
                }
            }
        }
        workspace.Return();
    }

    [SkipLocalsInit]
    private static void Multiply(in IntegerProblem problem, Panels panels, int panel, Strips strips, int firstStrip, int endStrip, int step, int end, int* a)
    {
        var edge = stackalloc int[2 * TLanes.Count * TLanes.Rows];
        var (column, columns, width) = (panels.Start(panel), panels.ColumnsOf(panel), panels.WidthOf(panel));
        nint allSteps = (int)(((long)problem.K + TLanes.Group - 1) / TLanes.Group), steps = end - step;
        var b = problem.B + (((column * allSteps) + (step * (nint)width)) * TLanes.Group);
        for (var strip = firstStrip; strip < endStrip; strip++)
        {
            var (row, height) = (strips.Start(strip), strips.Height(strip));
            var c = problem.C + (row * problem.CRow) + column;
            if (columns == width)
            {
                Tiles<int, sbyte, TVector, TLanes, Constant1>.Run(height, width, steps, a, 0, 0, b, width * TLanes.Group, c, problem.CRow, step > 0, new TilePrefetch(a, b, 0));
            }
            else
            {
                if (step > 0) Copy(c, problem.CRow, edge, width, height, columns);
                Tiles<int, sbyte, TVector, TLanes, Constant1>.Run(height, width, steps, a, 0, 0, b, width * TLanes.Group, edge, width, step > 0, new TilePrefetch(a, b, 0));
                Copy(edge, width, c, problem.CRow, height, columns);
            }
            a += height * steps;
        }
    }

    /// <summary>One row by four or two full panels from this one on.</summary>
    /// <returns>How many were multiplied; 1 where none was, because there are not two.</returns>
    private static int MultiplyRow(in IntegerProblem problem, Panels panels, int panel, int endPanel, int step, int end, int* a)
    {
        var full = panels.ColumnsOf(endPanel - 1) == panels.Width ? endPanel : endPanel - 1;
        if (panel > full - 2) return 1;
        nint bPanel = (((nint)problem.K + TLanes.Group - 1) / TLanes.Group) * panels.Width * TLanes.Group;
        var b = problem.B + (panel * bPanel) + (step * (nint)panels.Width * TLanes.Group);
        var c = problem.C + panels.Start(panel);
        if (panel <= full - 4)
        {
            RowTile<int, sbyte, TVector, TLanes, Constant4>.Run(end - step, a, b, bPanel, c, step > 0);
            return 4;
        }
        RowTile<int, sbyte, TVector, TLanes, Constant2>.Run(end - step, a, b, bPanel, c, step > 0);
        return 2;
    }

    private static void Copy(int* from, nint fromRow, int* to, nint toRow, int rows, int columns)
    {
        for (var i = 0; i < rows; i++, from += fromRow, to += toRow) new ReadOnlySpan<int>(from, columns).CopyTo(new Span<int>(to, columns));
    }

    private static void Correct(in IntegerProblem problem, int column, int endColumn, int firstRow, int endRow, int* rowSums)
    {
        var columns = endColumn - column;
        int* sums = problem.BSums + column, zeroPoints = problem.BZeroPoints + column;
        for (var row = firstRow; row < endRow; row++)
        {
            var zero = problem.ZeroPointOf(row);
            if (zero == 0 && rowSums == null) continue;
            var rowSum = rowSums == null ? 0 : rowSums[row];
            var c = problem.C + (row * problem.CRow) + column;
            var j = 0;
            for (; j <= columns - Vector<int>.Count; j += Vector<int>.Count)
            {
                var less = Vector.Load(sums + j) * zero;
                if (rowSums != null) less += Vector.Load(zeroPoints + j) * rowSum;
                (Vector.Load(c + j) - less).Store(c + j);
            }
            for (; j < columns; j++) c[j] -= (sums[j] * zero) + (rowSums == null ? 0 : zeroPoints[j] * rowSum);
        }
    }

    private static void SumRows(in IntegerProblem problem, int firstRow, int rows, int* sums)
    {
        for (var i = 0; i < rows; i++) sums[i] = IntegerRows.Sum(problem, firstRow + i);
    }

    private static void PackRows(in IntegerProblem problem, Strips strips, int firstStrip, int endStrip, int step, int end, int* to)
    {
        for (var strip = firstStrip; strip < endStrip; strip++)
        {
            IntegerRows.Pack(problem, TLanes.Group, strips.Start(strip), strips.Height(strip), step, end, to);
            to += strips.Height(strip) * (nint)(end - step);
        }
    }
}
