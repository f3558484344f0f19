using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// The loops of Goto and van de Geijn (Anatomy of High-Performance Matrix Multiplication, 2008), with longer blocks: strips of A stay in the second-level cache while panels
/// of B go by, and a tile stays in registers for a thousand steps. What comes next is asked for in time.
/// </summary>
internal sealed unsafe class BlockedGemm<T, TVector, TLanes> : GemmDriver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : IGemmLanes<T, TVector>
{
    /// <summary>
    /// Most bytes of a row of A in a block. A tile whose chains are interrupted must fetch them again, which costs more than reading its panel from the second-level cache.
    /// </summary>
    private const int StepsBytes = 4 << 10;

    /// <summary>Bytes of a block of A: half of a second-level cache.</summary>
    private const int RowsBytes = 512 << 10;

    /// <summary>Bytes of a block of B that is packed here: a quarter of a second-level cache, which has to hold what the next block is packed from, too.</summary>
    private const int ColumnsBytes = 256 << 10;

    /// <summary>The same where A must be packed again for each block of B: better read from the third-level cache than fewer columns.</summary>
    private const int WideColumnsBytes = 2 << 20;

    /// <summary>Panels of B for which A is not worth packing.</summary>
    private const int FewPanels = 2;

    /// <summary>Strips of A for which B is not worth packing.</summary>
    private const int FewStrips = 6;

    /// <summary>The same where rows of B lie a multiple of <see cref="CrowdedBytes"/> apart, and so in few sets of the first-level cache.</summary>
    private const int FewStripsOfCrowded = 2;

    private const int CrowdedBytes = 512;

    public override int VectorLength => TLanes.Count;

    public override int TileRows => TLanes.Rows;

    public override void Multiply(in GemmProblem<T> problem, int firstStrip, int endStrip, int firstPanel, int endPanel)
    {
        if (firstStrip == endStrip || firstPanel == endPanel) return;
        if (problem.K == 0)
        {
            Clear(problem, firstStrip, endStrip, firstPanel, endPanel);
            return;
        }
        var way = WayOf(problem, endStrip - firstStrip, endPanel - firstPanel);
        var steps = Math.Min(problem.K, way.BlockSteps);
        long stripLength = (long)TLanes.Rows * steps, panelLength = 2L * TLanes.Count * steps;
        var blockStrips = (int)Math.Clamp(RowsBytes / (stripLength * sizeof(T)), 1, endStrip - firstStrip);
        var blockPanels = problem.BPacked ? endPanel - firstPanel : (int)Math.Clamp((way.PacksA ? WideColumnsBytes : ColumnsBytes) / (panelLength * sizeof(T)), 1, endPanel - firstPanel);
        var workspace = way.PacksA || way.PacksB ? GemmWorkspace<T>.Rent(way.PacksA ? blockStrips * stripLength : 0, way.PacksB ? blockPanels * panelLength : 0) : null;
        for (var panel = firstPanel; panel < endPanel; panel += blockPanels)
        {
            var end = Math.Min(panel + blockPanels, endPanel);
            for (var k = 0; k < problem.K; k += way.BlockSteps)
            {
                var block = new Block { K = k, Steps = Math.Min(way.BlockSteps, problem.K - k), FirstPanel = panel, EndPanel = end, ReadsA = way.ReadsA, ReadsB = way.ReadsB };
                PackColumns(problem, ref block, way.PacksB ? workspace : null);
                for (var strip = firstStrip; strip < endStrip; strip += blockStrips)
                {
                    block.FirstStrip = strip;
                    block.EndStrip = Math.Min(strip + blockStrips, endStrip);
                    if (block.EndStrip == endStrip && way.PacksB && !way.ReadsB && problem.BColumn == 1 && problem.Columns is null) block.NextB = NextBlockOfB(problem, block, endPanel);
                    PackRows(problem, ref block, way.PacksA ? workspace : null);
                    if (problem.M == 1 && !way.ReadsA && !way.ReadsB) MultiplyRow(problem, block);
                    else Multiply(problem, block);
                }
            }
        }
        workspace?.Return();
    }

    public override void RunTile(int height, int width, nint steps, T* a, T* b, T* c, nint cRow, bool goOn) =>
        Tiles<T, T, TVector, TLanes, Constant1>.Run(height, width, steps, a, 0, 0, b, width, c, cRow, goOn, new TilePrefetch(a, b, 0));

    /// <summary>Packing pays when what is packed is used often: A by panels, B by strips.</summary>
    private static Way WayOf(in GemmProblem<T> problem, int strips, int panels)
    {
        // One row whose elements lie side by side is its own strip.
        var isStrip = problem.APacked || (problem.M == 1 && problem.AColumn == 1);
        var readsA = !isStrip && panels <= FewPanels;
        var readsB = !problem.BPacked && problem.Columns is null && problem.BColumn == 1 && strips <= (problem.BRow * sizeof(T) % CrowdedBytes == 0 ? FewStripsOfCrowded : FewStrips);
        // What is read only once need not stay in a cache.
        var isOneBlock = strips == 1 && isStrip && problem.BPacked;
        return new Way(readsA, readsB, !isStrip && !readsA, !problem.BPacked, isOneBlock ? problem.K : EvenSteps(problem.K));
    }

    /// <summary>The steps of a block: about as many in each.</summary>
    private static int EvenSteps(int k)
    {
        var blocks = ((k - 1) / (StepsBytes / sizeof(T))) + 1;
        return ((k - 1) / blocks) + 1;
    }

    private void PackColumns(in GemmProblem<T> problem, ref Block block, GemmWorkspace<T>? workspace)
    {
        if (workspace is null)
        {
            block.B = problem.B;
            block.BSteps = problem.K;
            return;
        }
        var panels = PanelsOf(problem.N);
        block.B = workspace.Columns.Pointer - ((nint)panels.Start(block.FirstPanel) * block.Steps);
        block.BSteps = block.Steps;
        var panel = block.FirstPanel;
        if (problem.BColumn == 1 && problem.Columns is null)
        {
            // Whole rows of a block, as they lie in memory; the last panel may have other columns than the others.
            var full = panels.ColumnsOf(block.EndPanel - 1) == panels.Width ? block.EndPanel : block.EndPanel - 1;
            var start = panels.Start(panel);
            if (!block.ReadsB) Packing<T>.PackPanels(problem.B + (block.K * problem.BRow) + start, problem.BRow, block.Steps, full - panel, panels.Width, block.B + ((nint)start * block.Steps));
            panel = full;
        }
        for (; panel < block.EndPanel; panel++)
        {
            var start = panels.Start(panel);
            var to = block.B + ((nint)start * block.Steps);
            if (problem.Columns is { } columns) columns.Pack(start, panels.ColumnsOf(panel), panels.WidthOf(panel), block.K, block.Steps, to);
            else Packing<T>.Pack(problem.B + (block.K * problem.BRow) + (start * problem.BColumn), problem.BRow, problem.BColumn, block.Steps, panels.ColumnsOf(panel), panels.WidthOf(panel), to);
        }
    }

    /// <summary>What the block after this one is packed from: the next steps of these panels, or the next panels from their first step.</summary>
    private T* NextBlockOfB(in GemmProblem<T> problem, in Block block, int endPanel)
    {
        var panels = PanelsOf(problem.N);
        var k = block.K + block.Steps;
        return k < problem.K ? problem.B + (k * problem.BRow) + panels.Start(block.FirstPanel)
            : block.EndPanel < endPanel ? problem.B + panels.Start(block.EndPanel)
            : null;
    }

    private void PackRows(in GemmProblem<T> problem, ref Block block, GemmWorkspace<T>? workspace)
    {
        if (workspace is null)
        {
            block.A = problem.A;
            block.ASteps = problem.K;
            return;
        }
        var strips = StripsOf(problem.M);
        block.A = workspace.Rows.Pointer - ((nint)strips.Start(block.FirstStrip) * block.Steps);
        block.ASteps = block.Steps;
        for (var strip = block.FirstStrip; strip < block.EndStrip; strip++)
        {
            var (start, height) = (strips.Start(strip), strips.Height(strip));
            Packing<T>.Pack(problem.A + (start * problem.ARow) + (block.K * problem.AColumn), problem.AColumn, problem.ARow, block.Steps, height, height, block.A + ((nint)start * block.Steps));
        }
    }

    [SkipLocalsInit]
    private void Multiply(in GemmProblem<T> problem, in Block block)
    {
        var panels = PanelsOf(problem.N);
        var strips = StripsOf(problem.M);
        var goOn = block.K > 0;
        var last = block.K + block.Steps == problem.K && !problem.Epilogue.IsEmpty;
        // The steps before this block's lie in the whole operand only.
        nint aSkipped = block.ASteps == problem.K ? block.K : 0, bSkipped = block.BSteps == problem.K ? block.K : 0;
        var unaligned = stackalloc byte[(2 * TLanes.Count * TLanes.Rows * sizeof(T)) + 64];
        var edge = (T*)(((nint)unaligned + 63) & ~63);
        for (var panel = block.FirstPanel; panel < block.EndPanel; panel++)
        {
            var (column, columns, width) = (panels.Start(panel), panels.ColumnsOf(panel), panels.WidthOf(panel));
            var readsB = block.ReadsB && columns == panels.Width;
            var b = readsB ? problem.B + (block.K * problem.BRow) + column : block.B + (column * (nint)block.BSteps) + (bSkipped * width);
            var bStep = readsB ? problem.BRow : width;
            for (var strip = block.FirstStrip; strip < block.EndStrip; strip++)
            {
                var (row, height) = (strips.Start(strip), strips.Height(strip));
                var a = block.ReadsA ? problem.A + (row * problem.ARow) + (block.K * problem.AColumn) : block.A + (row * (nint)block.ASteps) + (aSkipped * height);
                var c = problem.C + (row * problem.CRow) + column;
                // An epilogue reads and writes a tile again, which is cheap beside the stack and not where the rows of C cross lines.
                var isDirect = columns == width && !last;
                var to = isDirect ? c : edge;
                var toRow = isDirect ? problem.CRow : width;
                var prefetch = block.ReadsA ? new TilePrefetch(a, b, 0) : Ahead(problem, block, strips, panel, strip, aSkipped, b, bStep, width);
                if (!isDirect && goOn) TileCopy.Run(c, problem.CRow, edge, width, height, columns);
                if (block.ReadsA) Tiles<T, T, TVector, TLanes, Constant0>.Run(height, width, block.Steps, a, problem.ARow, problem.AColumn, b, bStep, to, toRow, goOn, prefetch);
                else Tiles<T, T, TVector, TLanes, Constant1>.Run(height, width, block.Steps, a, 0, 0, b, bStep, to, toRow, goOn, prefetch);
                if (last && (columns == width || !problem.Epilogue.IsOfRows)) problem.Epilogue.Apply(to, toRow, c, problem.CRow, height, columns, row, column);
                else if (!isDirect)
                {
                    if (last) problem.Epilogue.Apply(edge, width, height, width, row, column);
                    TileCopy.Run(edge, width, c, problem.CRow, height, columns);
                }
            }
        }
    }

    /// <summary>The next strip of A; and what comes after this panel of B, of which each of the first tiles asks for one line of every step.</summary>
    private static TilePrefetch Ahead(in GemmProblem<T> problem, in Block block, Strips strips, int panel, int strip, nint aSkipped, T* b, nint bStep, int width)
    {
        var nextStrip = strip + 1 < block.EndStrip ? strip + 1 : block.FirstStrip;
        var left = block.A + (strips.Start(nextStrip) * (nint)block.ASteps) + (aSkipped * strips.Height(nextStrip));
        var line = strip - block.FirstStrip;
        // A row that is not packed may begin in the middle of a line.
        var lines = (width * sizeof(T) / TilePrefetch.LineBytes) + (block.NextB == null && bStep == width ? 0 : 1);
        if (line >= lines || (block.NextB == null && panel + 1 == block.EndPanel)) return new TilePrefetch(left, b, 0);
        var right = block.NextB != null ? block.NextB + ((panel - block.FirstPanel) * width) : b + (width * (bStep == width ? block.BSteps : 1));
        var rightStep = block.NextB != null ? problem.BRow : bStep;
        return new TilePrefetch(left, (byte*)right + (line * TilePrefetch.LineBytes), rightStep * sizeof(T));
    }

    /// <summary>One packed row by packed panels: several at once as long as they are full.</summary>
    private void MultiplyRow(in GemmProblem<T> problem, in Block block)
    {
        var panels = PanelsOf(problem.N);
        var full = panels.ColumnsOf(block.EndPanel - 1) == panels.Width ? block.EndPanel : block.EndPanel - 1;
        var last = block.K + block.Steps == problem.K && !problem.Epilogue.IsEmpty;
        var a = block.A + (block.ASteps == problem.K ? block.K : 0);
        var bSkipped = block.BSteps == problem.K ? (nint)block.K * panels.Width : 0;
        var bPanel = (nint)panels.Width * block.BSteps;
        var panel = block.FirstPanel;
        while (panel <= full - 2)
        {
            var count = panel <= full - 4 ? 4 : 2;
            var column = panels.Start(panel);
            T* b = block.B + ((nint)column * block.BSteps) + bSkipped, c = problem.C + column;
            if (count == 4) RowTile<T, T, TVector, TLanes, Constant4>.Run(block.Steps, a, b, bPanel, c, block.K > 0);
            else RowTile<T, T, TVector, TLanes, Constant2>.Run(block.Steps, a, b, bPanel, c, block.K > 0);
            if (last) problem.Epilogue.Apply(c, problem.CRow, 1, count * panels.Width, 0, column);
            panel += count;
        }
        if (panel == block.EndPanel) return;
        var rest = block;
        rest.FirstPanel = panel;
        Multiply(problem, rest);
    }

    private void Clear(in GemmProblem<T> problem, int firstStrip, int endStrip, int firstPanel, int endPanel)
    {
        var (strips, panels) = (StripsOf(problem.M), PanelsOf(problem.N));
        var column = panels.Start(firstPanel);
        var columns = panels.Start(endPanel) - column;
        for (var row = strips.Start(firstStrip); row < strips.Start(endStrip); row++)
        {
            var c = problem.C + (row * problem.CRow) + column;
            new Span<T>(c, columns).Clear();
            problem.Epilogue.Apply(c, problem.CRow, 1, columns, row, column);
        }
    }

    /// <summary>A block of the loops: its steps, strips and panels, and where its operands are packed.</summary>
    private struct Block
    {
        public bool ReadsA;
        public bool ReadsB;
        public int K;
        public int Steps;
        public int FirstStrip;
        public int EndStrip;
        public int FirstPanel;
        public int EndPanel;

        /// <summary>Where the strips of A would begin if all were packed, and the steps of each.</summary>
        public T* A;
        public int ASteps;

        /// <summary>Where the panels of B would begin if all were packed, and the steps of each.</summary>
        public T* B;
        public int BSteps;

        /// <summary>What the next block of B is packed from; null where there is none or it does not lie in memory.</summary>
        public T* NextB;
    }

    /// <summary>How a rectangle of C is computed.</summary>
    /// <param name="ReadsA">A is read where it lies.</param>
    /// <param name="ReadsB">Full panels of B are read where they lie.</param>
    /// <param name="PacksA">Blocks of A are packed.</param>
    /// <param name="PacksB">Blocks of B are packed: all panels, or those that are not full.</param>
    /// <param name="BlockSteps">Most steps of a block.</param>
    private readonly record struct Way(bool ReadsA, bool ReadsB, bool PacksA, bool PacksB, int BlockSteps);
}
