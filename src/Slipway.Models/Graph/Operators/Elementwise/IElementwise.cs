namespace Slipway.Models.Graph;

/// <summary>
/// An operator whose output elements are made each of the inputs' elements at its own place, so that any range of them can be computed by itself:
/// on a thread of its own, or block by block in an <see cref="ElementwiseChain"/>.
/// </summary>
internal interface IElementwise
{
    /// <summary>What is worth giving to another thread.</summary>
    int ElementsPerPart { get; }

    /// <summary>Called before the ranges of a run: keeps in <see cref="RunContext.State"/> how the inputs are walked.</summary>
    void Plan(RunContext context);

    /// <summary>Computes the elements of output 0 from <paramref name="first"/> to before <paramref name="end"/>. Called from several threads at the same time, for ranges apart.</summary>
    void Run(RunContext context, int first, int end);
}
