namespace Slipway.Models.Graph;

/// <summary>An elementwise operator on numbers: <see cref="Run(RunContext, int, int)"/> never meets narrower floats than float32.</summary>
internal abstract class ElementwiseOperator : FloatOperator, IElementwise
{
    /// <summary>An operation of a cycle or two: memory is what it waits for.</summary>
    public virtual int ElementsPerPart => 1 << 17;

    public virtual void Plan(RunContext context) { }

    public abstract void Run(RunContext context, int first, int end);

    protected sealed override void Compute(RunContext context) => ElementRanges.Run(this, context);
}
