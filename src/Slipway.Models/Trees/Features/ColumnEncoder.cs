using System.Collections.Immutable;
using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Trees.Features;

/// <summary>Gathers rows from one input per feature.</summary>
internal sealed class ColumnEncoder(ImmutableArray<FeatureColumn> columns) : FeatureEncoder(columns.Length)
{
    public ImmutableArray<FeatureColumn> Columns => columns;

    /// <summary>Every feature is a number as it stands, or the place of a category; what is neither is missing.</summary>
    public bool IsPlain => columns.All(c => c.IsPlain);

    public override void Encode<T>(Batch inputs, int first, Span<T> rows)
    {
        for (var f = 0; f < columns.Length; f++) columns[f].Encode(inputs[columns[f].Name], first, rows[f..], Features);
    }
}

/// <summary>What a feature makes of the input of its name.</summary>
internal abstract class FeatureColumn(string name)
{
    public string Name { get; } = name;

    /// <summary>See <see cref="ColumnEncoder.IsPlain"/>.</summary>
    public virtual bool IsPlain => false;

    /// <summary>The input that the signature asks for.</summary>
    public abstract TensorSpec Spec { get; }

    /// <param name="column">One value a row.</param>
    /// <param name="first">The first row to encode.</param>
    /// <param name="values">Of the feature: at 0, <paramref name="stride"/>, 2 × <paramref name="stride"/>, …</param>
    /// <param name="stride">Features of a row.</param>
    public abstract void Encode<T>(Tensor column, int first, Span<T> values, int stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
