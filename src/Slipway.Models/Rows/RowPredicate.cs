namespace Slipway.Models.Rows;

/// <summary>Three-valued logic: a condition on a missing value is unknown.</summary>
public enum Truth : byte
{
    False = 0,
    True = 1,
    Unknown = 2,
}

/// <summary>A condition on a row. Immutable and thread-safe.</summary>
public abstract class RowPredicate
{
    public abstract Truth Evaluate(in Row row);
}
