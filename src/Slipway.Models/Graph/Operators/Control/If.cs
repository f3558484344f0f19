using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>If: runs one of two bodies (ai.onnx 1; 11, 13: shapes may differ; 16: sequences and optionals).</summary>
internal sealed class If : Operator
{
    private readonly Subgraph _then;
    private readonly Subgraph _else;
    private readonly int _outputs;

    public If(NodeInfo node)
    {
        _then = node.Body("then_branch");
        _else = node.Body("else_branch");
        _outputs = node.OutputCount;
        foreach (var branch in (ReadOnlySpan<Subgraph>)[_then, _else])
        {
            if (branch.InputCount != 0) throw node.Wrong($"a branch has {branch.InputCount} inputs, none are expected");
            if (branch.OutputCount != _outputs) throw node.Wrong($"a branch has {branch.OutputCount} outputs, the node {_outputs}");
        }
    }

    public override bool IsDeterministic => _then.IsDeterministic && _else.IsDeterministic;

    public override void Infer(InferenceContext context)
    {
        GraphType?[] types;
        if (context.Constant(0) is { Count: 1, Element: DataType.Bool } condition) types = (condition.Values<byte>()[0] != 0 ? _then : _else).Infer(context, []);
        else
        {
            // A branch that cannot run on these shapes is not the one that will: the other says what comes.
            var others = TryInfer(_else, context, out var fault);
            types = TryInfer(_then, context, out _) ?? others ?? throw fault!;
            for (var i = 0; i < types.Length && others is not null; i++) types[i] = TypeUnion.Of(context, types[i], others[i]);
        }
        for (var i = 0; i < types.Length; i++)
        {
            if (types[i] is { } type and not TensorType { Element: DataType.Undefined }) context.SetOutput(i, type);
        }
    }

    private static GraphType?[]? TryInfer(Subgraph branch, InferenceContext context, out ModelException? fault)
    {
        fault = null;
        try
        {
            return branch.Infer(context, []);
        }
        catch (ModelException e) when (!e.IsUnsupported)
        {
            fault = e;
            return null;
        }
    }

    public override bool ShapesOutputs(RunContext context) => true;

    public override void Run(RunContext context)
    {
        var condition = context.Input(0);
        if (condition.Count != 1 || condition.Element != DataType.Bool) throw new RecordException($"the condition must be one boolean, it is {condition.Type}");
        if (context.State is not Value[] results) context.State = results = new Value[_outputs];
        (condition.Values<byte>()[0] != 0 ? _then : _else).Run(context, [], results);
        for (var i = 0; i < results.Length; i++) BodyOutputs.Store(context, i, results[i]);
    }
}
