using Slipway.Core;
using Slipway.Data;

namespace Slipway.Pipelines.Connectors;

/// <summary>A <see cref="SourceBatch"/> while it is read: good rows with their raw text, and faults.</summary>
internal sealed class SourceBatchBuilder(TableSchema schema, int maxRows) : IDisposable
{
    /// <summary>Characters of raw text at which a batch ends early, so that its memory is bounded whatever the rows are.</summary>
    private const long MaxText = 32 << 20;

    private readonly List<string> _raw = [];
    private readonly List<SourceFault> _faults = [];
    private long _text;

    /// <summary>Where the values of the next row are appended, and abandoned when it is bad; <see cref="TableBuilder.EndRow"/> comes before <see cref="Row"/>.</summary>
    public TableBuilder Rows { get; } = new(schema);

    public TableSchema Schema => schema;

    public bool IsEmpty => _raw.Count + _faults.Count == 0;

    public bool IsFull => _raw.Count + _faults.Count >= maxRows || _text >= MaxText;

    /// <summary>The row ended last is good.</summary>
    public void Row(string raw)
    {
        _raw.Add(raw);
        _text += raw.Length;
    }

    public void Fault(string reason, string raw)
    {
        _faults.Add(new SourceFault(reason, raw));
        _text += raw.Length;
    }

    /// <summary>A row for which a parser gave a reason to refuse it, or null.</summary>
    public void RowOrFault(string? reason, string raw)
    {
        if (reason is null) Row(raw);
        else Fault(reason, raw);
    }

    public SourceBatch End(string position) => new(Rows.Build(), _raw, _faults, position);

    public void Dispose() => Rows.Dispose();
}
