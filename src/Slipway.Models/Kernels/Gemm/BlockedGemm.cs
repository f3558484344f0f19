using System.Numerics;
using System.Runtime.CompilerServices;

namespace Slipway.Models.Kernels;

/// <summary>
/// The loops of Goto and van de Geijn (Anatomy of High-Performance Matrix Multiplication, 2008): a panel of B stays in the first-level cache while strips of A go by from
/// the second.
/// </summary>
internal sealed unsafe class BlockedGemm<T, TVector, TLanes> : GemmDriver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : IGemmLanes<T, TVector>
{
    /// <summary>Bytes of a panel's block: most of a first-level cache of 48 KiB.</summary>
    private const int PanelBytes = 32 << 10;

    /// <summary>Bytes of a block of A: some of a second-level cache.</summary>
    private const int RowsBytes = 256 << 10;

    /// <summary>Bytes of a block of B that is packed here.</summary>
    private const int ColumnsBytes = 512 << 10;

    public override int VectorLength => TLanes.Count;

    public override int TileRows => TLanes.Rows;

    private static int BlockSteps => PanelBytes / (2 * TLanes.Count * sizeof(T));

    private static int BlockStrips => RowsBytes / (BlockSteps * TLanes.Rows * sizeof(T));

    private static int BlockPanels => ColumnsBytes / PanelBytes;

    public override void Multiply(in GemmProblem<T> problem, int firstStrip, int endStrip, int firstPanel, int endPanel)
    {
        if (firstStrip == endStrip || firstPanel == endPanel) return;
        if (problem.K == 0)
        {
            Clear(problem, firstStrip, endStrip, firstPanel, endPanel);
            return;
        }
        var packA = !problem.APacked && !IsPackedAlready(problem);
        var steps = Math.Min(problem.K, BlockSteps);
        var blockRows = Math.Min(endStrip - firstStrip, BlockStrips) * TLanes.Rows;
        var blockPanels = problem.BPacked ? endPanel - firstPanel : Math.Min(endPanel - firstPanel, BlockPanels);
        var workspace = packA || !problem.BPacked ? GemmWorkspace<T>.Rent(packA ? (long)blockRows * steps : 0, problem.BPacked ? 0 : (long)blockPanels * 2 * TLanes.Count * steps) : null;
        for (var panel = firstPanel; panel < endPanel; panel += blockPanels)
        {
            var end = Math.Min(panel + blockPanels, endPanel);
            for (var k = 0; k < problem.K; k += BlockSteps)
            {
                var block = new Block { K = k, Steps = Math.Min(BlockSteps, problem.K - k), FirstPanel = panel, EndPanel = end };
                PackColumns(problem, ref block, workspace);
                for (var strip = firstStrip; strip < endStrip; strip += BlockStrips)
                {
                    block.FirstStrip = strip;
                    block.EndStrip = Math.Min(strip + BlockStrips, endStrip);
                    PackRows(problem, ref block, packA ? workspace : null);
                    Multiply(problem, block);
                }
            }
        }
        workspace?.Return();
    }

    /// <summary>One row whose elements lie side by side is its own strip.</summary>
    private static bool IsPackedAlready(in GemmProblem<T> problem) => problem.M == 1 && problem.AColumn == 1;

    private void PackColumns(in GemmProblem<T> problem, ref Block block, GemmWorkspace<T>? workspace)
    {
        var panels = PanelsOf(problem.N);
        if (problem.BPacked)
        {
            block.B = problem.B;
            block.BSteps = problem.K;
            return;
        }
        var to = workspace!.Columns.Pointer;
        block.B = to - ((nint)panels.Start(block.FirstPanel) * block.Steps);
        block.BSteps = block.Steps;
        for (var panel = block.FirstPanel; panel < block.EndPanel; panel++)
        {
            var start = panels.Start(panel);
            if (problem.Columns is { } columns)
            {
                columns.Pack(start, panels.ColumnsOf(panel), panels.WidthOf(panel), block.K, block.Steps, block.B + ((nint)start * block.Steps));
                continue;
            }
            Packing<T>.Pack(problem.B + (block.K * problem.BRow) + (start * problem.BColumn), problem.BRow, problem.BColumn, block.Steps, panels.ColumnsOf(panel), panels.WidthOf(panel), block.B + ((nint)start * block.Steps));
        }
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
        var edge = stackalloc T[2 * TLanes.Count * TLanes.Rows];
        for (var panel = block.FirstPanel; panel < block.EndPanel; panel++)
        {
            var (column, columns, width) = (panels.Start(panel), panels.ColumnsOf(panel), panels.WidthOf(panel));
            var b = block.B + (column * (nint)block.BSteps) + (bSkipped * width);
            for (var strip = block.FirstStrip; strip < block.EndStrip; strip++)
            {
                var (row, height) = (strips.Start(strip), strips.Height(strip));
                var a = block.A + (row * (nint)block.ASteps) + (aSkipped * height);
                var c = problem.C + (row * problem.CRow) + column;
                if (columns == width)
                {
                    Tiles<T, T, TVector, TLanes>.Run(height, width, block.Steps, a, b, c, problem.CRow, goOn);
                }
                else
                {
                    if (goOn) Copy(c, problem.CRow, edge, width, height, columns);
                    Tiles<T, T, TVector, TLanes>.Run(height, width, block.Steps, a, b, edge, width, goOn);
                    Copy(edge, width, c, problem.CRow, height, columns);
                }
                if (last) problem.Epilogue.Apply(c, problem.CRow, height, columns, row, column);
            }
        }
    }

    private static void Copy(T* from, nint fromRow, T* to, nint toRow, int rows, int columns)
    {
        for (var i = 0; i < rows; i++, from += fromRow, to += toRow) new ReadOnlySpan<T>(from, columns).CopyTo(new Span<T>(to, columns));
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
    }
}
