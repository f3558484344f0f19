using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>What the leaves of an ensemble hold, and what they are added to. Immutable.</summary>
/// <param name="values">See <see cref="LeafTable{T}"/>.</param>
internal sealed class LeafForm<T>(TreeEnsemble ensemble, T[] values)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Pinned. What leaves point into, to one value or <see cref="Outputs"/> of them; empty when nodes hold their values themselves.</summary>
    public T[] Values { get; } = values;

    public int Outputs { get; } = ensemble.OutputCount;

    public bool AreVectors { get; } = ensemble.HasVectorLeaves;

    /// <summary>Sums are rounded to float32 after every tree, though <typeparamref name="T"/> is wider.</summary>
    public bool RoundsToSingle { get; } = typeof(T) != typeof(float) && ensemble.Arithmetic == TreeArithmetic.Float32;

    public T[] BaseMargins { get; } = Converted(ensemble.BaseMargins.AsSpan());

    /// <summary>The output that each tree adds to; unused when leaves are vectors.</summary>
    public int[] TreeOutputs { get; } = [.. ensemble.TreeOutputs];

    private static T[] Converted(ReadOnlySpan<double> values)
    {
        var converted = new T[values.Length];
        for (var i = 0; i < values.Length; i++) converted[i] = T.CreateTruncating(values[i]);
        return converted;
    }
}
