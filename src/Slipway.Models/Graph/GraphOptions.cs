using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <param name="Threads">Threads for one run; 1 runs on the caller's thread, 0 takes as many as there are processors. Answers never depend on it.</param>
/// <param name="Optimise">False runs the nodes as they are in the file.</param>
/// <param name="Dimensions">Sizes of symbolic dimensions that are always the same, by name.</param>
/// <param name="MaxMemory">Bytes that the values of one run may take at a time: a small file can ask for any number.</param>
/// <param name="FastMath">Lets the optimiser round in another order than the model is written in, where that saves work. Answers still depend on neither threads nor batches.</param>
internal sealed record GraphOptions(int Threads = 1, bool Optimise = true, IReadOnlyDictionary<string, long>? Dimensions = null, long MaxMemory = 8L << 30, bool FastMath = false)
{
    public int Threads { get; } = Threads == 0 ? Environment.ProcessorCount : Threads;

    public static GraphOptions Default { get; } = new();

    /// <summary>The type with the dimensions that <see cref="Dimensions"/> names.</summary>
    internal GraphType? Fix(string name, GraphType? type, ImmutableArray<string> symbols)
    {
        if (Dimensions is null || type is not TensorType { Shape: { } shape } tensor) return type;
        var fixedShape = shape.Dimensions.Select(d => d < 0 && -d <= symbols.Length && Dimensions.TryGetValue(symbols[(int)-d - 1], out var size)
            ? size >= 0 ? size : throw new ModelException($"input '{name}': dimension '{symbols[(int)-d - 1]}' cannot be {size}")
            : d);
        return tensor with { Shape = new Shape([.. fixedShape]) };
    }
}
