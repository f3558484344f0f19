using Slipway.Models.Formats.Pmml;
using Slipway.Models.Onnx;
using Slipway.Models.OnnxRuntime;
using Slipway.Models.Packages;
using Slipway.Models.Trees;

namespace Slipway.Models;

/// <summary>The runtimes that come with this library.</summary>
public static class Runtimes
{
    /// <summary>All of them, the more specific first: a new runtime is added here.</summary>
    public static RuntimeCatalog Default { get; } = new(new TreesRuntime(), new PmmlRuntime(), new GraphRuntime(), new OnnxRuntimeRuntime());
}
