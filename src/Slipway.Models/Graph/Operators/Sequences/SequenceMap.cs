using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>SequenceMap: runs a body on the items of sequences, position by position; other inputs are the same for all (ai.onnx 17).</summary>
internal sealed class SequenceMap : Operator
{
    private readonly Subgraph _body;
    private readonly int _inputs;
    private readonly int _outputs;

    public SequenceMap(NodeInfo node)
    {
        _body = node.Body("body");
        (_inputs, _outputs) = (node.InputCount, node.OutputCount);
        if (_body.InputCount != _inputs || _body.OutputCount != _outputs)
        {
            throw node.Wrong($"the body has {_body.InputCount} inputs and {_body.OutputCount} outputs, the node {_inputs} and {_outputs}");
        }
    }

    public override void Infer(InferenceContext context)
    {
        var types = new GraphType?[_inputs];
        for (var i = 0; i < _inputs; i++) types[i] = context.InputType(i) is SequenceType sequence ? SequenceItems.Loose(sequence.Item) : context.InputType(i);
        var results = _body.Infer(context, types);
        for (var i = 0; i < _outputs; i++)
        {
            if (results[i] is { } type && context.HasOutput(i)) context.SetOutput(i, new SequenceType(SequenceItems.Loose(type)));
        }
    }

    public override void Run(RunContext context)
    {
        var count = context.Sequence(0).Items.Count;
        var inputs = new Value[_inputs];
        var outputs = new Value[_outputs];
        var results = new List<Value>[_outputs];
        for (var o = 0; o < _outputs; o++) results[o] = [];
        for (var i = 0; i < count; i++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            for (var k = 0; k < _inputs; k++)
            {
                inputs[k] = context.InputValue(k);
                if (inputs[k] is not SequenceValue sequence) continue;
                if (sequence.Items.Count != count) throw new RecordException($"sequences of {count} and {sequence.Items.Count} items cannot be mapped together");
                inputs[k] = sequence.Items[i];
            }
            _body.Run(context, inputs, outputs);
            for (var o = 0; o < _outputs; o++) results[o].Add(outputs[o].Copy());
        }
        for (var o = 0; o < _outputs; o++)
        {
            var item = count > 0 ? SequenceItems.Loose(results[o][0].Type) : new TensorType(DataType.Float32);
            context.Set(o, new SequenceValue(item, results[o]));
        }
    }
}
