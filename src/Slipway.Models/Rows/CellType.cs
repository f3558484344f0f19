namespace Slipway.Models.Rows;

/// <summary>What a cell's number means. Known for every slot and expression before the first row.</summary>
public enum CellType : byte
{
    /// <summary>A symbol: the number of a text in the <see cref="SymbolTable"/> or in the row's <see cref="RowTexts"/>.</summary>
    Text,

    /// <summary>A whole number, up to 2⁵³.</summary>
    Integer,

    /// <summary>A number that float32 can hold.</summary>
    Float32,
    Float64,

    /// <summary>0 or 1.</summary>
    Boolean,

    /// <summary>Days since 1970-01-01 in the proleptic Gregorian calendar.</summary>
    Date,

    /// <summary>Seconds since midnight.</summary>
    Time,

    /// <summary>Seconds since 1970-01-01T00:00:00, without a time zone.</summary>
    DateTime,
}

public static class CellTypes
{
    extension(CellType type)
    {
        /// <summary>Integers and floating-point numbers.</summary>
        public bool IsNumeric => type is CellType.Integer or CellType.Float32 or CellType.Float64;

        /// <summary>Dates, times and moments.</summary>
        public bool IsTemporal => type is CellType.Date or CellType.Time or CellType.DateTime;
    }
}
