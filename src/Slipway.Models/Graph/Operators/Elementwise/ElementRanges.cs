using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Runs an elementwise operator over its whole output, in as many ranges as its threads are worth. The ranges change no bit: each element is computed by itself.</summary>
internal readonly struct ElementRanges(IElementwise @operator, RunContext context) : IRows
{
    public static void Run(IElementwise @operator, RunContext context)
    {
        @operator.Plan(context);
        ParallelRows.Run(new ElementRanges(@operator, context), context.Output(0).Count, 1, @operator.ElementsPerPart, context.Threads);
    }

    public void Run(long first, long end) => @operator.Run(context, (int)first, (int)end);
}
