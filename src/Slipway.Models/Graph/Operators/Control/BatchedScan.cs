using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// Scan of ai.onnx 8: every input and output has a batch dimension first, slices are along the second, and sequences may be shorter than the longest.
/// What lies behind the end of a sequence is zero.
/// </summary>
internal sealed class BatchedScan : Operator
{
    private readonly Subgraph _body;
    private readonly int _states;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly bool[] _reversed;

    public BatchedScan(NodeInfo node)
    {
        _body = node.Body("body");
        var inputs = node.Int("num_scan_inputs");
        if (inputs < 1 || inputs > node.InputCount - 1) throw node.Wrong($"attribute 'num_scan_inputs' is {inputs}, the node has {node.InputCount} inputs");
        _inputs = (int)inputs;
        _states = node.InputCount - 1 - _inputs;
        _outputs = node.OutputCount - _states;
        if (_outputs < 0 || _body.InputCount != _states + _inputs || _body.OutputCount != _states + _outputs)
        {
            throw node.Wrong($"a body of {_body.InputCount} inputs and {_body.OutputCount} outputs does not fit a node of {node.InputCount} and {node.OutputCount}");
        }
        var directions = node.Ints("directions") ?? new long[_inputs];
        if (directions.Length != _inputs) throw node.Wrong($"attribute 'directions' has {directions.Length} elements, {_inputs} are expected");
        _reversed = Array.ConvertAll(directions, static d => d != 0);
    }

    public override void Infer(InferenceContext context)
    {
        var types = new GraphType?[_states + _inputs];
        long batch = -1, length = -1;
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = context.InputType(i + 1);
            if (context.Shape(i + 1) is not { } shape) continue;
            var dropped = i < _states ? 1 : 2;
            if (shape.Rank < dropped) throw new ModelException($"input {i + 1} of shape {shape} must have at least {dropped} dimensions");
            if (batch >= 0 && shape[0] >= 0 && shape[0] != batch) throw new ModelException($"the inputs have batches of {batch} and {shape[0]}");
            batch = Math.Max(batch, shape[0]);
            if (i >= _states)
            {
                if (length >= 0 && shape[1] >= 0 && shape[1] != length) throw new ModelException($"the scanned inputs have {length} and {shape[1]} slices");
                length = Math.Max(length, shape[1]);
            }
            types[i] = new TensorType(context.Element(i + 1), new Shape(shape.Dimensions.RemoveRange(0, dropped)));
        }
        if (batch < 0) batch = context.NewSymbol();
        if (length < 0) length = context.NewSymbol();
        var results = _body.Infer(context, types);
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] is not TensorType { Element: not DataType.Undefined } type) continue;
            Shape? shape = type.Shape is null ? null : i < _states ? new Shape([batch, .. type.Shape.Dimensions]) : new Shape([batch, length, .. type.Shape.Dimensions]);
            context.SetOutput(i, type.Element, shape);
        }
    }

    public override void Run(RunContext context)
    {
        var first = context.Input(1 + _states);
        var (batch, longest) = ((int)first[0], first[1]);
        if (context.OptionalInput(0) is { } given && given.Count != batch) throw new RecordException($"{given.Count} lengths are given for a batch of {batch}");
        if (context.State is not ScanPasses passes) context.State = passes = new ScanPasses(_states, _inputs, _outputs);
        var isBegun = new bool[_outputs];
        for (var row = 0; row < batch; row++)
        {
            var length = context.OptionalInput(0)?.IntAt(row) ?? longest;
            if (length < 0 || length > longest) throw new RecordException($"a length of {length} is given, the longest sequence has {longest}");
            for (var i = 0; i < _states; i++) passes.Values.Begin(i, RowOf(context.Input(1 + i), row));
            for (var i = 0; i < _inputs; i++) passes.Scanned[i].BeginRow(context.Input(1 + _states + i), row, length, _reversed[i]);
            passes.Run(context, _body, length);
            for (var i = 0; i < _states; i++) StoreState(context, i, passes.Values.Current[i].AsTensor, row, batch);
            for (var i = 0; i < _outputs; i++) passes.Outputs[i].StoreRow(context, _states + i, row, batch, longest, ref isBegun[i]);
        }
        for (var i = 0; i < _outputs; i++)
        {
            if (!isBegun[i] && context.HasOutput(_states + i)) ScanOutput.Clear(context.Output(_states + i));
        }
    }

    private static TensorValue RowOf(TensorValue source, int row)
    {
        var value = new TensorValue(source.Element, source.Shape[1..]);
        StridedCopy.Run(source, (long)row * value.Count, [1], value, 0, [1], [value.Count]);
        return value;
    }

    private static void StoreState(RunContext context, int output, TensorValue value, int row, int batch)
    {
        if (!context.HasOutput(output)) return;
        var target = row == 0 ? context.Allocate(output, value.Element, [batch, .. value.Shape]) : context.Output(output);
        StridedCopy.Run(value, 0, [1], target, (long)row * value.Count, [1], [value.Count]);
    }
}
