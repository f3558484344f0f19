using System.Collections.Immutable;

namespace Slipway.Models.Graph;

/// <summary>One operator of an <see cref="ElementwiseChain"/>.</summary>
/// <param name="Inputs">For each input of the operator the input of the chain that it is, <see cref="Previous"/> or <see cref="None"/>.</param>
internal sealed record ChainStep(Operator Operator, ImmutableArray<int> Inputs)
{
    /// <summary>The result of the step before.</summary>
    public const int Previous = int.MaxValue;

    /// <summary>An input that is not given.</summary>
    public const int None = -1;
}

/// <summary>
/// Elementwise operators one after another as one node: a block of the output passes through all of them while it is in the caches of its core, so that memory is read and written once
/// however many there are. Each runs its own code on the block, so that every bit is that of the operators apart. All results have one type and shape.
/// </summary>
/// <param name="inputs">How many the node has.</param>
internal sealed class ElementwiseChain(ImmutableArray<ChainStep> steps, int inputs) : Operator, IElementwise
{
    private const int ElementsPerBlock = 16384;

    private readonly IElementwise[] _steps = [.. steps.Select(s => (IElementwise)s.Operator)];

    /// <summary>The costs of all steps are those of a part.</summary>
    public int ElementsPerPart { get; } = Math.Max(2048, (int)(1 / steps.Sum(s => 1.0 / ((IElementwise)s.Operator).ElementsPerPart)));

    /// <summary>What the first step may overwrite and no later one reads.</summary>
    public override bool CanOverwrite(int input)
    {
        for (var s = 1; s < steps.Length; s++)
        {
            if (steps[s].Inputs.Contains(input)) return false;
        }
        for (var i = 0; i < steps[0].Inputs.Length; i++)
        {
            if (steps[0].Inputs[i] == input && !steps[0].Operator.CanOverwrite(i)) return false;
        }
        return true;
    }

    public override void Infer(InferenceContext context)
    {
        GraphType? result = null;
        foreach (var step in steps)
        {
            var inner = new ChainInference(context, step, result);
            step.Operator.Infer(inner);
            result = inner.Result;
        }
        if (result is not null) context.SetOutput(0, result);
    }

    public override void Run(RunContext context) => ElementRanges.Run(this, context);

    public void Plan(RunContext context)
    {
        if (context.State is not Links links) context.State = links = new Links(steps, inputs);
        links.Take(context);
        for (var s = 0; s < _steps.Length; s++) _steps[s].Plan(links.Contexts[s]);
    }

    public void Run(RunContext context, int first, int end)
    {
        var contexts = ((Links)context.State!).Contexts;
        for (var start = first; start < end; start += ElementsPerBlock)
        {
            var stop = Math.Min(start + ElementsPerBlock, end);
            for (var s = 0; s < _steps.Length; s++) _steps[s].Run(contexts[s], start, stop);
        }
    }

    /// <summary>The steps' own contexts, over the values of the chain's.</summary>
    private sealed class Links
    {
        private readonly Value?[] _slots;

        public Links(ImmutableArray<ChainStep> steps, int inputs)
        {
            _slots = new Value?[inputs + 1];
            Contexts = [.. steps.Select(s => new RunContext(_slots, [.. s.Inputs.Select(i => i == ChainStep.Previous ? inputs : i)], [inputs]))];
        }

        public RunContext[] Contexts { get; }

        public void Take(RunContext context)
        {
            for (var i = 0; i < _slots.Length - 1; i++) _slots[i] = context.Input(i);
            _slots[^1] = context.Output(0);
        }
    }
}
