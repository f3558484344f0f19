namespace Slipway.Models.Trees.Kernels;

/// <summary>The one place where a kernel is chosen.</summary>
internal static class KernelSelection
{
    public static MarginKernel For(TreeModelDefinition definition, KernelKind kind) =>
        definition.Linear is { } linear
            ? new LinearKernel(linear.FeatureCount, linear.Weights, linear.BaseMargins)
            : For(definition.Trees!, kind);

    public static MarginKernel For(TreeEnsemble ensemble, KernelKind kind) => new ReferenceKernel(ensemble);
}
