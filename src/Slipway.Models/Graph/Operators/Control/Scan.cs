using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Scan: runs a body on the slices of tensors along an axis, with state from slice to slice, and stacks its results (ai.onnx 9, 11: negative axes).</summary>
internal sealed class Scan : Operator
{
    private readonly Subgraph _body;
    private readonly int _states;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly long[] _inputAxes;
    private readonly long[] _outputAxes;
    private readonly bool[] _inputReversed;
    private readonly bool[] _outputReversed;

    public Scan(NodeInfo node)
    {
        _body = node.Body("body");
        var inputs = node.Int("num_scan_inputs");
        if (inputs < 1 || inputs > node.InputCount) throw node.Wrong($"attribute 'num_scan_inputs' is {inputs}, the node has {node.InputCount} inputs");
        _inputs = (int)inputs;
        _states = node.InputCount - _inputs;
        _outputs = node.OutputCount - _states;
        if (_outputs < 0 || _body.InputCount != node.InputCount || _body.OutputCount != node.OutputCount)
        {
            throw node.Wrong($"a body of {_body.InputCount} inputs and {_body.OutputCount} outputs does not fit a node of {node.InputCount} and {node.OutputCount}");
        }
        _inputAxes = List(node, "scan_input_axes", _inputs);
        _outputAxes = List(node, "scan_output_axes", _outputs);
        _inputReversed = Array.ConvertAll(List(node, "scan_input_directions", _inputs), static d => d != 0);
        _outputReversed = Array.ConvertAll(List(node, "scan_output_directions", _outputs), static d => d != 0);
    }

    private static long[] List(NodeInfo node, string name, int count)
    {
        var values = node.Ints(name) ?? new long[count];
        return values.Length == count ? values : throw node.Wrong($"attribute '{name}' has {values.Length} elements, {count} are expected");
    }

    public override bool IsDeterministic => _body.IsDeterministic;

    public override void Infer(InferenceContext context)
    {
        var states = new GraphType?[_states];
        for (var i = 0; i < _states; i++) states[i] = context.InputType(i);
        var slices = new GraphType?[_inputs];
        long length = -1;
        for (var i = 0; i < _inputs; i++)
        {
            if (context.Shape(_states + i) is not { } shape)
            {
                slices[i] = context.InputType(_states + i);
                continue;
            }
            var axis = InferenceContext.Axis(_inputAxes[i], shape.Rank);
            if (length >= 0 && shape[axis] >= 0 && shape[axis] != length) throw new ModelException($"the scanned inputs have {length} and {shape[axis]} slices");
            length = Math.Max(length, shape[axis]);
            slices[i] = new TensorType(context.Element(_states + i), new Shape(shape.Dimensions.RemoveAt(axis)));
        }
        if (length < 0) length = context.NewSymbol();
        var results = CarriedValues.Generalise(context, states, 0, types => _body.Infer(context, [.. types, .. slices]));
        for (var i = 0; i < _states; i++)
        {
            if (states[i] is { } type) context.SetOutput(i, type);
        }
        for (var i = 0; i < _outputs; i++)
        {
            if (results[_states + i] is not TensorType { Element: not DataType.Undefined } type) continue;
            context.SetOutput(_states + i, type.Element, type.Shape is null ? null : Stacked(type.Shape, i, length));
        }
    }

    private Shape Stacked(Shape slice, int output, long length)
    {
        var dimensions = slice.Dimensions.Insert(InferenceContext.Axis(_outputAxes[output], slice.Rank + 1), length);
        // Without a slice nothing tells the other sizes.
        return new Shape(length == 0 ? [.. dimensions.Select(d => Math.Max(0, d))] : dimensions);
    }

    /// <summary>Without a slice nothing but inference tells the shape of what passes give.</summary>
    public override bool ShapesOutputs(RunContext context)
    {
        var first = context.Input(_states);
        return _outputs == 0 || first[InferenceContext.Axis(_inputAxes[0], first.Rank)] > 0;
    }

    public override void Run(RunContext context)
    {
        if (context.State is not ScanPasses passes) context.State = passes = new ScanPasses(_states, _inputs, _outputs);
        for (var i = 0; i < _states; i++) passes.Values.Begin(i, context.InputValue(i));
        for (var i = 0; i < _inputs; i++)
        {
            var source = context.Input(_states + i);
            passes.Scanned[i].Begin(source, InferenceContext.Axis(_inputAxes[i], source.Rank), _inputReversed[i]);
            if (passes.Scanned[i].Length != passes.Scanned[0].Length) throw new RecordException($"the scanned inputs have {passes.Scanned[0].Length} and {passes.Scanned[i].Length} slices");
        }
        passes.Run(context, _body, passes.Scanned[0].Length);
        for (var i = 0; i < _states; i++) BodyOutputs.Store(context, i, passes.Values.Current[i]);
        for (var i = 0; i < _outputs; i++)
        {
            var output = passes.Outputs[i];
            if (output.Count > 0) output.Store(context, _states + i, InferenceContext.Axis(_outputAxes[i], output.Rank + 1), _outputReversed[i]);
        }
    }
}
