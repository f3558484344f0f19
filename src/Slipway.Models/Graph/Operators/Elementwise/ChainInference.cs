namespace Slipway.Models.Graph;

/// <summary>What a step of an <see cref="ElementwiseChain"/> knows of its inputs.</summary>
/// <param name="outer">What the chain knows of its own.</param>
/// <param name="previous">The type of the step before.</param>
internal sealed class ChainInference(InferenceContext outer, ChainStep step, GraphType? previous) : InferenceContext
{
    /// <summary>The type of the step's result.</summary>
    public GraphType? Result { get; private set; }

    public override int InputCount => step.Inputs.Length;

    public override int OutputCount => 1;

    public override bool HasInput(int index) => (uint)index < (uint)step.Inputs.Length && step.Inputs[index] != ChainStep.None;

    public override bool HasOutput(int index) => index == 0;

    public override GraphType? InputType(int index) => !HasInput(index) ? null : step.Inputs[index] == ChainStep.Previous ? previous : outer.InputType(step.Inputs[index]);

    public override Value? ConstantValue(int index) => HasInput(index) && step.Inputs[index] != ChainStep.Previous ? outer.ConstantValue(step.Inputs[index]) : null;

    public override long[]? Dimensions(int index) => HasInput(index) && step.Inputs[index] != ChainStep.Previous ? outer.Dimensions(step.Inputs[index]) : null;

    public override SymbolSource Symbols => outer.Symbols;

    public override void SetOutput(int index, GraphType type) => Result = type;

    public override void SetOutputDimensions(int index, ReadOnlySpan<long> dimensions) { }
}
