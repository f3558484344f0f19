namespace Slipway.Models.Formats.Pmml.Export;

/// <summary>Counts the models that are written, and stops when the caller wants no more.</summary>
/// <param name="report">Gets the share that is done, 0 to 1.</param>
internal sealed class ExportProgress(int models, Action<double>? report, CancellationToken cancellation)
{
    private int _done;

    public void Step()
    {
        cancellation.ThrowIfCancellationRequested();
        report?.Invoke((double)++_done / models);
    }
}
