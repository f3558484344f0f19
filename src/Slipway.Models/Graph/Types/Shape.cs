using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// The dimensions of a tensor. A dimension below zero is a symbol: a size that is not known yet; equal symbols are equal sizes.
/// Without symbols the shape is <see cref="IsConcrete"/>, so that one shape function serves binding and running.
/// </summary>
internal sealed class Shape(ImmutableArray<long> dimensions) : IEquatable<Shape>
{
    public static Shape Scalar { get; } = new([]);

    public static Shape Of(params ReadOnlySpan<long> dimensions) => new([.. dimensions]);

    public ImmutableArray<long> Dimensions { get; } = dimensions;

    public int Rank => Dimensions.Length;

    public long this[int axis] => Dimensions[axis];

    public long this[Index axis] => Dimensions[axis.GetOffset(Rank)];

    public ReadOnlySpan<long> Span => Dimensions.AsSpan();

    public bool IsConcrete
    {
        get
        {
            foreach (var dimension in Dimensions)
            {
                if (dimension < 0) return false;
            }
            return true;
        }
    }

    /// <summary>Elements in all; -1 when a dimension is a symbol and none is zero.</summary>
    /// <exception cref="ModelException">There are more elements than a tensor can hold.</exception>
    public long Count => CountOf(Span);

    /// <inheritdoc cref="Count"/>
    public static long CountOf(ReadOnlySpan<long> dimensions)
    {
        if (dimensions.Contains(0)) return 0;
        long count = 1;
        foreach (var dimension in dimensions)
        {
            if (dimension < 0) return -1;
            if (count > int.MaxValue / dimension) throw new ModelException($"a tensor of shape {TextOf(dimensions)} is larger than can be held: more than {int.MaxValue} elements");
            count *= dimension;
        }
        return count;
    }

    public static string TextOf(ReadOnlySpan<long> dimensions)
    {
        var text = new System.Text.StringBuilder("[");
        for (var i = 0; i < dimensions.Length; i++)
        {
            if (i > 0) text.Append(',');
            if (dimensions[i] < 0) text.Append('d').Append(-dimensions[i]);
            else text.Append(dimensions[i]);
        }
        return text.Append(']').ToString();
    }

    public bool Equals(Shape? other) => other is not null && Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => Equals(obj as Shape);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var dimension in Dimensions) hash.Add(dimension);
        return hash.ToHashCode();
    }

    public override string ToString() => TextOf(Span);
}
