using System.Numerics;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// One direction of a recurrent operator cut by rows: a thread takes its rows through all steps and never waits for another between them. Rows do not depend on each
/// other, and neither do the bits of their products, so results are the same for any number of parts.
/// </summary>
internal readonly unsafe struct RecurrentRows<T> : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows that a thread multiplies about as fast as it reads the weights; of fewer the product of a step is better shared.</summary>
    private const int LeastRows = 8;

    private readonly RecurrentOperator _owner;
    private readonly RunContext _context;
    private readonly ReadOnlyMemory<RecurrentActivation> _activations;
    private readonly RecurrentSizes _sizes;
    private readonly PackedMatrix<T> _recurrent;
    private readonly PackedMatrix<T>? _rest;
    private readonly T _clip;
    private readonly int _direction, _parts;
    private readonly T* _contributions, _gathered, _gateRows, _state, _cells, _spare, _bias, _peepholes;
    private readonly int* _lengths;

    private RecurrentRows(RecurrentOperator owner, RunContext context, in RecurrentPass<T> pass, ReadOnlyMemory<RecurrentActivation> activations, int direction, int parts, T* contributions, T* gathered, T* gateRows, T* state, T* cells, T* spare, T* bias, T* peepholes, int* lengths)
    {
        (_owner, _context, _activations, _sizes, _clip, _direction, _parts) = (owner, context, activations, pass.Sizes, pass.Clip, direction, parts);
        (_recurrent, _rest) = (pass.Recurrent.Packed!, pass.RecurrentRest.Packed);
        _contributions = contributions;
        _gathered = gathered;
        _gateRows = gateRows;
        _state = state;
        _cells = cells;
        _spare = spare;
        _bias = bias;
        _peepholes = peepholes;
        _lengths = lengths;
    }

    /// <summary>Parts that are worth while: 1 where rows should stay together.</summary>
    public static int Count(RecurrentSizes sizes, int threads) =>
        Math.Max(1, Math.Min(sizes.Batch / LeastRows, GemmParts.Threads(GemmParts.Size(sizes.Batch, sizes.Width, sizes.Hidden) * sizes.Length, threads)));

    /// <param name="pass">Of the whole batch, with packed weights.</param>
    public static void Run(RecurrentOperator owner, RunContext context, in RecurrentPass<T> pass, ReadOnlyMemory<RecurrentActivation> activations, int direction, int parts)
    {
        fixed (T* contributions = pass.Contributions, gathered = pass.Gathered, gateRows = pass.GateRows, state = pass.State, cells = pass.CellState, spare = pass.Spare, bias = pass.RecurrentBias, peepholes = pass.Peepholes)
        fixed (int* lengths = pass.Lengths)
        {
            ParallelWork<RecurrentRows<T>>.Run(new(owner, context, pass, activations, direction, parts, contributions, gathered, gateRows, state, cells, spare, bias, peepholes, lengths), parts, parts);
        }
    }

    public void Run(int part)
    {
        var first = (int)((long)_sizes.Batch * part / _parts);
        var rows = (int)((long)_sizes.Batch * (part + 1) / _parts) - first;
        var (width, hidden) = (_sizes.Width, _sizes.Hidden);
        var pass = new RecurrentPass<T>
        {
            Sizes = _sizes with { Batch = rows },
            AllRows = _sizes.Batch,
            FirstRow = first,
            Contributions = new(_contributions, _sizes.Length * _sizes.Batch * width),
            Gathered = new(_gathered + (first * width), rows * width),
            Activations = _activations.Span,
            Clip = _clip,
            Threads = 1,
            Recurrent = new(_recurrent),
            RecurrentRest = _rest is null ? default : new(_rest),
            RecurrentBias = _bias == null ? default : new(_bias, width),
            Peepholes = _peepholes == null ? default : new(_peepholes, 3 * hidden),
            GateRows = new(_gateRows + (first * width), rows * width),
            State = new(_state + (first * hidden), rows * hidden),
            CellState = new(_cells + (first * hidden), rows * hidden),
            Spare = new(_spare + (first * hidden), rows * hidden),
            Lengths = _lengths == null ? default : new(_lengths + first, rows),
        };
        _owner.RunDirection(_context, ref pass, _direction);
    }
}
