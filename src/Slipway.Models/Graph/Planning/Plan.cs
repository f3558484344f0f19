using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>A graph made ready for inputs of certain types: every shape that can be known is known, every value has its place. Used by one thread at a time.</summary>
internal sealed class Plan
{
    private readonly BoundGraph _graph;
    private readonly GraphType[] _inputTypes;
    private readonly Value?[] _slots;
    private readonly Step[] _steps;

    /// <param name="arenaBytes">The size of the memory that inner values share.</param>
    /// <param name="memory">Counts it, and what the steps take beside it.</param>
    public Plan(BoundGraph graph, GraphType[] inputTypes, Value?[] slots, Step[] steps, long arenaBytes, RunMemory memory)
    {
        (_graph, _inputTypes, _slots, _steps, ArenaBytes, Memory) = (graph, inputTypes, slots, steps, arenaBytes, memory);
    }

    public RunMemory Memory { get; }

    public long ArenaBytes { get; }

    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>True when the plan was made for inputs of these types.</summary>
    public bool Fits(ReadOnlySpan<Value> inputs)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is TensorValue tensor)
            {
                if (_inputTypes[i] is not TensorType type || type.Element != tensor.Element || !type.Shape!.Span.SequenceEqual(tensor.Shape)) return false;
            }
            else if (_inputTypes[i] is TensorType || !_inputTypes[i].Equals(inputs[i].Type))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Runs all steps. The outputs are read by <see cref="Output"/> and hold until the next run; inputs are not written.</summary>
    /// <exception cref="RecordException">The data cannot be computed with.</exception>
    public void Run(ReadOnlySpan<Value> inputs, CancellationToken cancellation)
    {
        for (var i = 0; i < inputs.Length; i++) _slots[_graph.Inputs[i]] = inputs[i];
        foreach (var step in _steps) Execute(step, cancellation);
    }

    /// <summary>Runs one step of the plan; those before it have run.</summary>
    /// <exception cref="RecordException">The data cannot be computed with.</exception>
    public static void Execute(Step step, CancellationToken cancellation)
    {
        try
        {
            var context = step.Context;
            cancellation.ThrowIfCancellationRequested();
            context.Cancellation = cancellation;
            switch (step.Kind)
            {
                case StepKind.Alias:
                    var output = context.Output(0);
                    output.Alias(context.Input(step.Node.Operator.AliasedInput), output.Shape);
                    break;
                case StepKind.Dynamic:
                    if (step.Inference!.Run(context))
                    {
                        context.RequireScratch(step.Node.Operator.ScratchBytes(context));
                        context.State = null;
                    }
                    step.Node.Operator.Run(context);
                    step.Inference.Verify();
                    break;
                default:
                    step.Node.Operator.Run(context);
                    break;
            }
        }
        catch (Exception e) when (e is SlipwayException or ArgumentException or InvalidCastException or IndexOutOfRangeException or OverflowException or NotSupportedException or DivideByZeroException or OutOfMemoryException)
        {
            throw new RecordException($"{step.Node}: {e.Message}", e);
        }
    }

    public Value Output(int index) => _slots[_graph.Outputs[index]]!;

    /// <summary>Any value of the last run, for tracing; its memory may have been used again.</summary>
    public Value? ValueAt(int value) => _slots[value];
}
