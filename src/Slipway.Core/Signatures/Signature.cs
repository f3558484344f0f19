using System.Collections.Immutable;

namespace Slipway.Core;

/// <summary>One input or output of a model.</summary>
/// <param name="Shape">Dimensions; -1 is any size. The first is the row dimension for table-like models.</param>
/// <param name="Optional">The input may be absent (or, for a column, missing).</param>
/// <param name="Columns">
/// Names along the last dimension of a matrix <c>[-1, n]</c>, when the model knows them: a table is gathered into the matrix by these names.
/// </param>
/// <param name="AllowedValues">When not empty, the only values a text input may take.</param>
/// <param name="AnyType">
/// The model reads an input of any element type itself, text included, and treats what does not fit as its file says; <paramref name="Type"/> is what it prefers.
/// </param>
public sealed record TensorSpec(
    string Name,
    ElementType Type,
    ImmutableArray<long> Shape,
    bool Optional = false,
    ImmutableArray<string> Columns = default,
    ImmutableArray<string> AllowedValues = default,
    bool AnyType = false)
{
    public ImmutableArray<string> Columns { get; init; } = Columns.IsDefault ? [] : Columns;

    public ImmutableArray<string> AllowedValues { get; init; } = AllowedValues.IsDefault ? [] : AllowedValues;

    public bool Equals(TensorSpec? other) =>
        other is not null && Name == other.Name && Type == other.Type && Optional == other.Optional && AnyType == other.AnyType
        && Shape.SequenceEqual(other.Shape) && Columns.SequenceEqual(other.Columns) && AllowedValues.SequenceEqual(other.AllowedValues);

    public override int GetHashCode() => HashCode.Combine(Name, Type, Shape.Length, Optional, Columns.Length);

    public override string ToString() => $"{Name} {Type.ProtocolName}[{string.Join(',', Shape)}]";
}

/// <summary>A model's inputs and outputs, in order.</summary>
/// <param name="Rows">What the rows of a batch have to do with each other.</param>
public sealed record Signature(ImmutableArray<TensorSpec> Inputs, ImmutableArray<TensorSpec> Outputs, RowRelation Rows = RowRelation.Independent)
{
    /// <summary>Every row of a batch has one answer.</summary>
    public bool AnswersByRow => Rows != RowRelation.Grouped;

    /// <summary>The columns a table needs to feed this model: matrix columns spelt out, other inputs by name.</summary>
    public IEnumerable<string> InputColumns => Inputs.SelectMany(i => i.Columns.IsEmpty ? [i.Name] : i.Columns);

    public bool Equals(Signature? other) =>
        other is not null && Rows == other.Rows && Inputs.SequenceEqual(other.Inputs) && Outputs.SequenceEqual(other.Outputs);

    public override int GetHashCode() => HashCode.Combine(Inputs.Length, Outputs.Length);
}

/// <summary>What the rows of a batch have to do with each other, and so whether batches may be split and joined.</summary>
public enum RowRelation
{
    /// <summary>Every row has one answer, which depends on no other row: batches may be split and joined.</summary>
    Independent,

    /// <summary>Every row has one answer, which depends on others of its batch too, those before it or all: a series is one batch.</summary>
    Ordered,

    /// <summary>Answers are not one a row: groups of rows (baskets, histories), all of whose rows belong in one batch, or forecasts, which answer a row several times.</summary>
    Grouped,
}
