namespace Slipway.Core.Expressions;

/// <summary>What an evaluation reads: a stretch of a batch's rows, or the values of a watch.</summary>
/// <param name="start">The first row; a multiple of <see cref="Length"/>.</param>
/// <param name="rows">Rows in the whole batch.</param>
internal readonly struct Frame(Batch? batch, IWatchValues? watch, int start, int rows)
{
    /// <summary>Rows evaluated at once: temporaries stay in the first-level cache and memory stays bounded. A multiple of 64, so that missing bits begin on a word.</summary>
    public const int Length = 1024;

    public int Start => start;

    public IWatchValues Watch => watch!;

    /// <exception cref="RecordException">The batch does not have the column as it was bound.</exception>
    public Tensor Column(string name, ValueKind kind)
    {
        var tensor = batch![name];
        if (tensor.Count != rows) throw new RecordException($"{tensor} is not one value per row of {rows}; an expression reads columns");
        if (ValueKinds.Of(tensor.Type) != kind) throw new RecordException($"column '{name}' holds {tensor.Type.ProtocolName}; the expression was bound to {kind.Description}");
        return tensor;
    }
}

/// <summary>The three kinds of value in the language.</summary>
internal enum ValueKind { Number, Truth, Text }

internal static class ValueKinds
{
    public static ValueKind Of(ElementType type) => type switch
    {
        ElementType.Bool => ValueKind.Truth,
        ElementType.Bytes => ValueKind.Text,
        _ => ValueKind.Number,
    };

    extension(ValueKind kind)
    {
        public string Description => kind switch
        {
            ValueKind.Number => "a number",
            ValueKind.Truth => "true or false",
            _ => "text",
        };

        public ElementType ElementType => kind switch
        {
            ValueKind.Number => ElementType.Float64,
            ValueKind.Truth => ElementType.Bool,
            _ => ElementType.Bytes,
        };
    }
}
