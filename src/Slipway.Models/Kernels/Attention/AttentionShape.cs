namespace Slipway.Models.Kernels;

/// <summary>Where the rows of queries, keys, values, masks and results of an attention stand in memory. Strides are in elements.</summary>
/// <param name="Batch">Sequences.</param>
/// <param name="QueryHeads">A multiple of <paramref name="KeyHeads"/>: neighbouring query heads share a head of keys and values.</param>
/// <param name="KeyHeads">Heads of keys and values.</param>
/// <param name="Queries">Rows of queries in a sequence.</param>
/// <param name="Keys">Rows of keys and values in a sequence.</param>
/// <param name="HeadSize">Elements of a row of queries or keys.</param>
/// <param name="ValueSize">Elements of a row of values or results.</param>
internal readonly record struct AttentionShape(int Batch, int QueryHeads, int KeyHeads, int Queries, int Keys, int HeadSize, int ValueSize)
{
    public RowStrides Query { get; init; } = new(QueryHeads * Queries * HeadSize, Queries * HeadSize, HeadSize);

    public RowStrides Key { get; init; } = new(KeyHeads * Keys * HeadSize, Keys * HeadSize, HeadSize);

    public RowStrides Value { get; init; } = new(KeyHeads * Keys * ValueSize, Keys * ValueSize, ValueSize);

    public RowStrides Result { get; init; } = new(QueryHeads * Queries * ValueSize, Queries * ValueSize, ValueSize);

    /// <summary>Of the mask's rows, one for each query, of <see cref="Keys"/> elements; 0 where they are shared.</summary>
    public RowStrides Mask { get; init; }

    /// <summary>All heads of a row next to each other: [batch, rows, heads · size], for queries, keys, values and results.</summary>
    public AttentionShape WithHeadsInRows() => this with
    {
        Query = new(Queries * QueryHeads * HeadSize, HeadSize, QueryHeads * HeadSize),
        Key = new(Keys * KeyHeads * HeadSize, HeadSize, KeyHeads * HeadSize),
        Value = new(Keys * KeyHeads * ValueSize, ValueSize, KeyHeads * ValueSize),
        Result = new(Queries * QueryHeads * ValueSize, ValueSize, QueryHeads * ValueSize),
    };
}

/// <summary>Elements from one sequence, head and row to the next.</summary>
internal readonly record struct RowStrides(int Batch, int Head, int Row)
{
    /// <summary>One behind the last element of so many rows of so many elements.</summary>
    public long End(int batch, int heads, int rows, int size) => ((batch - 1L) * Batch) + ((heads - 1L) * Head) + ((rows - 1L) * Row) + size;
}
