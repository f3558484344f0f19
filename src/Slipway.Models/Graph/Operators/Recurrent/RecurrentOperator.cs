using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// What RNN, GRU and LSTM share (ai.onnx 1, 3, 7; 14: layout; 22: bfloat16): directions, initial states, sequence lengths, layouts. The product of all inputs with their weights
/// is one matrix product; then each step multiplies the state. 16-bit floats are computed as float32 and rounded when they are put out.
/// </summary>
internal abstract class RecurrentOperator : Operator
{
    private readonly int _gates;
    private readonly int _functions;
    private readonly int _directions;
    private readonly bool _isReverse;
    private readonly bool _isBatchFirst;
    private readonly long _hidden;
    private readonly float _clip;
    private readonly RecurrentActivation[] _activations;
    private RecurrentWeights<float>[]? _single;
    private RecurrentWeights<double>[]? _double;

    protected RecurrentOperator(NodeInfo node, int gates, params string[] functions)
    {
        (_gates, _functions) = (gates, functions.Length);
        (_directions, _isReverse) = node.Text("direction", "forward") switch
        {
            "forward" => (1, false),
            "reverse" => (1, true),
            "bidirectional" => (2, false),
            var other => throw node.Wrong($"attribute 'direction': '{other}' is not known, only forward, reverse and bidirectional"),
        };
        _isBatchFirst = node.Version >= 14 && node.Int("layout", 0) switch
        {
            0 => false,
            1 => true,
            var other => throw node.Wrong($"attribute 'layout' is {other}, only 0 and 1 are known"),
        };
        _hidden = node.Int("hidden_size", -1);
        if (node.Has("hidden_size") && _hidden is < 1 or > int.MaxValue) throw node.Wrong($"attribute 'hidden_size' is {_hidden}");
        _clip = node.Float("clip", 0);
        if (!(_clip >= 0)) throw node.Wrong($"attribute 'clip' is {_clip}");
        _activations = RecurrentActivation.Read(node, _directions, functions);
    }

    /// <summary>How many gates of the recurrent weights are multiplied at once: one part, or two.</summary>
    protected abstract ReadOnlySpan<int> RecurrentParts { get; }

    /// <summary>The recurrent biases are added with those of the inputs.</summary>
    protected virtual bool AddsRecurrentBias => true;

    /// <summary>Computes the states after a step from <see cref="RecurrentPass{T}.Contribution"/>.</summary>
    protected abstract void Step<T>(ref RecurrentPass<T> pass) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    private int LengthAxis => _isBatchFirst ? 1 : 0;

    private int BatchAxis => _isBatchFirst ? 0 : 1;

    public override void Infer(InferenceContext context)
    {
        var (source, weights, recurrent) = (context.ShapeOfRank(0, 3), context.ShapeOfRank(1, 3), context.ShapeOfRank(2, 3));
        var hidden = _hidden > 0 ? _hidden : recurrent is not null && recurrent[2] >= 0 ? recurrent[2] : context.NewSymbol();
        var length = source?[LengthAxis] ?? context.NewSymbol();
        var batch = source?[BatchAxis] ?? context.NewSymbol();
        if (hidden >= 0)
        {
            if (hidden is 0 or > int.MaxValue / 8) throw new ModelException($"{hidden} hidden units are impossible");
            Expect(context, 1, [_directions, _gates * hidden, source?[2] ?? -1]);
            Expect(context, 2, [_directions, _gates * hidden, hidden]);
            Expect(context, 3, [_directions, 2 * _gates * hidden]);
            Expect(context, 7, [_directions, 3 * hidden]);
        }
        Expect(context, 4, [batch]);
        for (var i = 5; i <= 6; i++) Expect(context, i, _isBatchFirst ? [batch, _directions, hidden] : [_directions, batch, hidden]);
        var element = context.Element(0);
        context.SetOutput(0, element, _isBatchFirst ? [batch, length, _directions, hidden] : [length, _directions, batch, hidden]);
        for (var i = 1; i <= 2; i++) context.SetOutput(i, element, _isBatchFirst ? [batch, _directions, hidden] : [_directions, batch, hidden]);
    }

    private static void Expect(InferenceContext context, int input, ReadOnlySpan<long> dimensions)
    {
        if (!context.HasInput(input) || context.Shape(input) is not { } shape) return;
        var fits = shape.Rank == dimensions.Length;
        for (var d = 0; fits && d < dimensions.Length; d++) fits = shape[d] < 0 || dimensions[d] < 0 || shape[d] == dimensions[d];
        if (!fits) throw new ModelException($"input {input} has the shape {shape}, {Shape.TextOf(dimensions)} is expected");
    }

    public override void Prepare(PrepareContext context)
    {
        if (context.Constant(1) is not { Rank: 3 } weights || context.Constant(2) is not { Rank: 3 } recurrent || weights.Element != recurrent.Element) return;
        var (hidden, input) = (recurrent[2], weights[2]);
        if (weights[0] != _directions || recurrent[0] != _directions || weights[1] != _gates * hidden || recurrent[1] != weights[1]) return;
        if (weights.Element == DataType.Float64) _double = RecurrentWeights<double>.Pack(weights.Values<double>(), recurrent.Values<double>(), _directions, (int)hidden, (int)input, RecurrentParts);
        else if (weights.Element is DataType.Float32 or DataType.Float16 or DataType.BFloat16)
        {
            var (first, second) = (new float[weights.Count], new float[recurrent.Count]);
            WideFloats.Widen(weights, first);
            WideFloats.Widen(recurrent, second);
            _single = RecurrentWeights<float>.Pack(first, second, _directions, (int)hidden, (int)input, RecurrentParts);
        }
        else return;
        context.Forget(1);
        context.Forget(2);
    }

    private RecurrentSizes SizesOf(RunContext context)
    {
        var (source, recurrent) = (context.Input(0), context.Input(2));
        return new RecurrentSizes((int)source[LengthAxis], (int)source[BatchAxis], (int)source[2], (int)recurrent[2], _gates, _directions);
    }

    public override long ScratchBytes(RunContext context)
    {
        var elements = SizesOf(context).Workspace;
        var element = context.Input(0).Element;
        if (element == DataType.Float64) return elements * sizeof(double);
        for (var i = 0; element != DataType.Float32 && i < 8; i++) elements += context.OptionalInput(i)?.Count ?? 0;
        return elements * sizeof(float);
    }

    public override void Run(RunContext context)
    {
        if (context.Input(0).Element == DataType.Float64) Run(context, _double);
        else if (context.Input(0).Element is DataType.Float32 or DataType.Float16 or DataType.BFloat16) Run(context, _single);
        else throw new RecordException($"floats are expected, the input is {context.Input(0).Type}");
    }

    private void Run<T>(RunContext context, RecurrentWeights<T>[]? packed) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sizes = SizesOf(context);
        if (context.HasOutput(0)) context.Output(0).Bytes.Clear();
        if (sizes.Batch == 0) return;
        var scratch = new Workspace<T>(MemoryMarshal.Cast<byte, T>(context.Scratch));
        var rows = TimeMajor(context, sizes, ref scratch);
        var weights = packed is null ? scratch.Wide(context.Input(1)) : default;
        var recurrent = packed is null ? scratch.Wide(context.Input(2)) : default;
        var bias = scratch.Wide(context.OptionalInput(3));
        var peepholes = scratch.Wide(context.OptionalInput(7));
        var firstStates = scratch.Wide(context.OptionalInput(5));
        var firstCells = scratch.Wide(context.OptionalInput(6));
        var lengths = LengthsOf(context, sizes);
        var contributions = scratch.Take(sizes.Length * sizes.Batch * sizes.Width);
        var gathered = scratch.Take(sizes.Batch * sizes.Width);
        var inputBias = scratch.Take(sizes.Width);
        var gateRows = scratch.Take(sizes.Batch * sizes.Width);
        var state = scratch.Take(sizes.Batch * sizes.Hidden);
        var cells = scratch.Take(sizes.Batch * sizes.Hidden);
        var spare = scratch.Take(sizes.Batch * sizes.Hidden);
        var parts = RecurrentParts;
        var split = parts[0] * sizes.Hidden * sizes.Hidden;
        var perDirection = sizes.Width * sizes.Hidden;
        var rowParts = packed is null ? 1 : RecurrentRows<T>.Count(sizes, context.Threads);
        // Steps on one thread would fetch what another has computed for them.
        var sharesSteps = rowParts > 1 || GemmParts.Threads(GemmParts.Size(sizes.Batch, parts[0] * sizes.Hidden, sizes.Hidden), context.Threads) > 1;
        for (var d = 0; d < _directions; d++)
        {
            var own = bias.IsEmpty ? default : bias.Slice(d * 2 * sizes.Width, 2 * sizes.Width);
            var input = packed is null ? new RecurrentMatrix<T>(weights.Slice(d * sizes.Width * sizes.Input, sizes.Width * sizes.Input), sizes.Width, sizes.Input) : new RecurrentMatrix<T>(packed[d].Input);
            var first = packed is null ? new RecurrentMatrix<T>(recurrent.Slice(d * perDirection, split), parts[0] * sizes.Hidden, sizes.Hidden) : new RecurrentMatrix<T>(packed[d].Recurrent[0]);
            RecurrentMatrix<T> second = default;
            if (parts.Length > 1) second = packed is null ? new RecurrentMatrix<T>(recurrent.Slice(d * perDirection + split, perDirection - split), parts[1] * sizes.Hidden, sizes.Hidden) : new RecurrentMatrix<T>(packed[d].Recurrent[1]);
            for (var i = 0; i < inputBias.Length && !own.IsEmpty; i++) inputBias[i] = AddsRecurrentBias ? own[i] + own[sizes.Width + i] : own[i];
            input.Multiply(sizes.Length * sizes.Batch, rows, contributions, sizes.Width, own.IsEmpty ? default : GemmEpilogue<T>.PerColumn(inputBias), sharesSteps ? context.Threads : 1);
            LoadStates(firstStates, d, sizes, state);
            LoadStates(firstCells, d, sizes, cells);
            var pass = new RecurrentPass<T>
            {
                Sizes = sizes,
                AllRows = sizes.Batch,
                Contributions = contributions,
                Gathered = gathered,
                Activations = _activations.AsSpan(d * _functions, _functions),
                Clip = T.CreateTruncating(_clip),
                Threads = context.Threads,
                Recurrent = first,
                RecurrentRest = second,
                RecurrentBias = own.IsEmpty ? default : own[sizes.Width..],
                Peepholes = peepholes.IsEmpty ? default : peepholes.Slice(d * 3 * sizes.Hidden, 3 * sizes.Hidden),
                GateRows = gateRows,
                State = state,
                CellState = cells,
                Spare = spare,
                Lengths = lengths,
            };
            if (rowParts > 1) RecurrentRows<T>.Run(this, context, pass, _activations.AsMemory(d * _functions, _functions), d, rowParts);
            else RunDirection(context, ref pass, d);
            StoreStates(context, 1, d, state, sizes);
            StoreStates(context, 2, d, cells, sizes);
        }
    }

    /// <summary>All steps of the rows of a pass.</summary>
    internal void RunDirection<T>(RunContext context, ref RecurrentPass<T> pass, int direction) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sizes = pass.Sizes;
        var isReverse = _isReverse || direction == 1;
        var all = context.HasOutput(0) ? context.Output(0) : null;
        var (stepSize, start) = (pass.AllRows * sizes.Width, pass.FirstRow * sizes.Width);
        for (var step = 0; step < sizes.Length; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            pass.Step = step;
            if (pass.Lengths.IsEmpty || !isReverse) pass.Contribution = pass.Contributions.Slice((isReverse ? sizes.Length - 1 - step : step) * stepSize + start, sizes.Batch * sizes.Width);
            else
            {
                for (var row = 0; row < sizes.Batch; row++)
                {
                    var time = Math.Max(0, pass.Lengths[row] - 1 - step);
                    pass.Contributions.Slice(time * stepSize + start + row * sizes.Width, sizes.Width).CopyTo(pass.Gathered[(row * sizes.Width)..]);
                }
                pass.Contribution = pass.Gathered;
            }
            Step(ref pass);
            if (all is null) continue;
            for (var row = 0; row < sizes.Batch; row++)
            {
                if (!pass.IsActive(row)) continue;
                var time = !isReverse ? step : (pass.Lengths.IsEmpty ? sizes.Length : pass.Lengths[row]) - 1 - step;
                var place = _isBatchFirst ? ((pass.FirstRow + row) * sizes.Length + time) * _directions + direction : (time * _directions + direction) * pass.AllRows + pass.FirstRow + row;
                Workspace<T>.Narrow(pass.StateOf(row), all, place * sizes.Hidden);
            }
        }
    }

    private int PlaceOf(int direction, int row, RecurrentSizes sizes) => (_isBatchFirst ? row * _directions + direction : direction * sizes.Batch + row) * sizes.Hidden;

    private void LoadStates<T>(ReadOnlySpan<T> first, int direction, RecurrentSizes sizes, Span<T> states)
    {
        states.Clear();
        for (var row = 0; row < sizes.Batch && !first.IsEmpty; row++) first.Slice(PlaceOf(direction, row, sizes), sizes.Hidden).CopyTo(states[(row * sizes.Hidden)..]);
    }

    private void StoreStates<T>(RunContext context, int output, int direction, ReadOnlySpan<T> states, RecurrentSizes sizes) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!context.HasOutput(output)) return;
        for (var row = 0; row < sizes.Batch; row++) Workspace<T>.Narrow(states.Slice(row * sizes.Hidden, sizes.Hidden), context.Output(output), PlaceOf(direction, row, sizes));
    }

    /// <summary>The inputs as [length · batch, input].</summary>
    private ReadOnlySpan<T> TimeMajor<T>(RunContext context, RecurrentSizes sizes, ref Workspace<T> scratch) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = scratch.Wide(context.Input(0));
        if (!_isBatchFirst) return source;
        var rows = scratch.Take(source.Length);
        for (var row = 0; row < sizes.Batch; row++)
        {
            for (var time = 0; time < sizes.Length; time++) source.Slice((row * sizes.Length + time) * sizes.Input, sizes.Input).CopyTo(rows[((time * sizes.Batch + row) * sizes.Input)..]);
        }
        return rows;
    }

    private static ReadOnlySpan<int> LengthsOf(RunContext context, RecurrentSizes sizes)
    {
        if (context.OptionalInput(4) is not { } given) return default;
        var lengths = given.Element == DataType.Int32 ? given.Values<int>() : throw new RecordException($"lengths must be int32, they are {given.Type}");
        if (lengths.Length != sizes.Batch) throw new RecordException($"{lengths.Length} lengths are given for a batch of {sizes.Batch}");
        foreach (var length in lengths)
        {
            if (length < 0 || length > sizes.Length) throw new RecordException($"a length of {length} is given, the longest sequence has {sizes.Length}");
        }
        return lengths;
    }
}
