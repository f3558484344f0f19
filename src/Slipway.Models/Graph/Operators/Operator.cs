namespace Slipway.Models.Graph;

/// <summary>
/// One node's operator with its attributes read. Thread-safe: whatever a run needs to write lives in its <see cref="RunContext"/>.
/// </summary>
internal abstract class Operator
{
    /// <summary>
    /// States the types and shapes of the outputs from what is known of the inputs. Called at binding with symbolic dimensions, and again whenever more is known;
    /// with concrete inputs it must state concrete shapes unless these depend on elements that are not known (<see cref="InferenceContext.Constant"/>).
    /// </summary>
    /// <exception cref="Slipway.Core.ModelException">The inputs do not fit the operator (named, with what was expected).</exception>
    public abstract void Infer(InferenceContext context);

    /// <summary>
    /// Computes the outputs. An output whose shape <see cref="Infer"/> could state has it already; the others are made by <see cref="RunContext.Allocate"/> or <see cref="RunContext.Set"/>.
    /// </summary>
    /// <exception cref="Slipway.Core.RecordException">The data cannot be computed with.</exception>
    public abstract void Run(RunContext context);

    /// <summary>Constant inputs are given here once, at load: weights are packed now and their originals no longer needed.</summary>
    public virtual void Prepare(PrepareContext context) { }

    /// <summary>Bytes of scratch memory that <see cref="Run"/> needs; inputs and outputs have their shapes in the context, but no elements yet.</summary>
    public virtual long ScratchBytes(RunContext context) => 0;

    /// <summary>True when the output may be written into the memory of this input: each element is read before it, and no other, is written.</summary>
    public virtual bool CanOverwrite(int input) => false;

    /// <summary>The input whose elements are output 0's in the same order (Reshape, Identity, …): the plan lends its memory and skips the node. -1 when there is none.</summary>
    public virtual int AliasedInput => -1;

    /// <summary>
    /// The element of output 0 at which an input begins whose elements lie there side by side (Concat along a leading axis); else -1. The plan may let the input be
    /// computed right there: <see cref="Run"/> must not copy what <see cref="TensorValue.IsPartOf"/> finds in place.
    /// </summary>
    /// <param name="context">Has shapes, and the elements of constants.</param>
    public virtual long PlaceOfInput(RunContext context, int input) => -1;

    /// <summary>The element of input 0 at which an output begins whose elements lie there side by side (Split along a leading axis); else -1. As <see cref="PlaceOfInput"/>.</summary>
    public virtual long PlaceOfOutput(RunContext context, int output) => -1;

    /// <summary>True when <see cref="Run"/> is going to give all outputs their shapes itself, whatever <see cref="Infer"/> knows, which then is not called again before it.</summary>
    public virtual bool ShapesOutputs(RunContext context) => false;

    /// <summary>False when two runs on the same inputs may differ (random operators): such nodes are not folded.</summary>
    public virtual bool IsDeterministic => true;
}
