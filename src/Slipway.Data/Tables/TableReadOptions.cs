using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Data;

/// <summary>How a table file is read.</summary>
/// <param name="Delimiter">Between the fields of a CSV record: one ASCII character.</param>
/// <param name="Header">The first CSV record names the columns; otherwise they are <c>column_0</c>, <c>column_1</c>, …</param>
/// <param name="Missing">Cells that mean "no value", besides the empty one: <c>NA</c>, <c>?</c>.</param>
/// <param name="Types">Column types that are not to be guessed: <see cref="ElementType.Bytes"/> is text, any other a number, read as <see cref="ElementType.Float64"/>. Names the table does not have are ignored.</param>
/// <param name="SampleRows">Rows looked at to guess the type of the other columns.</param>
public sealed record TableReadOptions(
    char Delimiter = ',',
    bool Header = true,
    ImmutableArray<string> Missing = default,
    IReadOnlyDictionary<string, ElementType>? Types = null,
    int SampleRows = 1000)
{
    public static TableReadOptions Default { get; } = new();

    public ImmutableArray<string> Missing { get; init; } = Missing.IsDefault ? [] : Missing;

    public IReadOnlyDictionary<string, ElementType> Types { get; init; } = Types ?? ImmutableDictionary<string, ElementType>.Empty;

    /// <summary>The type of a column that is not to be guessed; otherwise null.</summary>
    internal ElementType? TypeOf(string column) => Types.TryGetValue(column, out var type) ? type == ElementType.Bytes ? type : ElementType.Float64 : null;
}

/// <summary>How a table file is written.</summary>
/// <param name="Delimiter">Between the fields of a CSV record: one ASCII character.</param>
/// <param name="Columns">
/// Names for the elements of tensors that have more than one a row: tensor name → one name per element.
/// Without an entry they are called <c>name_0</c>, <c>name_1</c>, …
/// </param>
/// <param name="Missing">What a CSV cell without a value holds.</param>
public sealed record TableWriteOptions(char Delimiter = ',', IReadOnlyDictionary<string, ImmutableArray<string>>? Columns = null, string Missing = "")
{
    public static TableWriteOptions Default { get; } = new();

    /// <summary>Names matrix outputs as the model's signature does.</summary>
    public static TableWriteOptions For(Signature signature) => new(Columns: signature.Outputs
        .Where(o => !o.Columns.IsEmpty)
        .ToImmutableDictionary(o => o.Name, o => o.Columns));
}
