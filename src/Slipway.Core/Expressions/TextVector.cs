namespace Slipway.Core.Expressions;

/// <summary>The text of a stretch of rows: a window on a column, a temporary tensor that it owns, or one constant for all rows.</summary>
internal readonly struct TextVector : IDisposable
{
    private readonly Tensor? _tensor;
    private readonly byte[]? _constant;
    private readonly int _start;
    private readonly bool _owned;

    private TextVector(Tensor? tensor, byte[]? constant, int start, bool owned)
    {
        _tensor = tensor;
        _constant = constant;
        _start = start;
        _owned = owned;
    }

    public static TextVector Constant(byte[]? value) => new(null, value, 0, false);

    public static TextVector Column(Tensor tensor, int start) => new(tensor, null, start, false);

    public static TextVector Temporary(Tensor tensor) => new(tensor, null, 0, true);

    public ReadOnlySpan<byte> this[int row] => _tensor is null ? _constant : _tensor.GetBytes(_start + row);

    public bool IsMissing(int row) => _tensor is null ? _constant is null : _tensor.IsMissing(_start + row);

    /// <summary>Appends row <paramref name="row"/> to a column under construction.</summary>
    public void AppendTo(Tensor column, int row)
    {
        if (IsMissing(row)) column.AppendMissing();
        else column.Append(this[row]);
    }

    public void Dispose()
    {
        if (_owned) _tensor!.Dispose();
    }
}
