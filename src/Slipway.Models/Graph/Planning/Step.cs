namespace Slipway.Models.Graph;

/// <summary>How a step gets its outputs.</summary>
internal enum StepKind
{
    /// <summary>All shapes were known when the plan was made.</summary>
    Static,

    /// <summary>The output is the input in another shape: nothing is computed.</summary>
    Alias,

    /// <summary>Shapes depend on elements: they are inferred before the operator runs.</summary>
    Dynamic,
}

/// <summary>One node in a plan.</summary>
internal sealed record Step(BoundNode Node, StepKind Kind, RunContext Context, DynamicInference? Inference);
