using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Trees.Features;

/// <summary>Turns the inputs of a model into the rows of numbers that kernels read. Immutable and thread-safe; allocates nothing per row.</summary>
internal abstract class FeatureEncoder(int features)
{
    /// <summary>Values in a kernel's row.</summary>
    public int Features { get; } = features;

    /// <param name="inputs">Satisfy the model's signature.</param>
    /// <param name="first">The first of the rows to encode.</param>
    /// <param name="rows">Row-major, <see cref="Features"/> values each; every one is written, NaN where a value is missing.</param>
    public abstract void Encode<T>(Batch inputs, int first, Span<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
