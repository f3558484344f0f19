using Slipway.Core;
using Slipway.Models.Parity;

namespace Slipway.Models.Packages;

/// <summary>Rows that a model file carries, with the answers that its producer got.</summary>
/// <param name="Inputs">As columns.</param>
/// <param name="Expected">Outputs by name; those that the rows say nothing of are absent.</param>
/// <param name="Tolerance">The producer's.</param>
public sealed record CarriedRows(Batch Inputs, Batch Expected, Tolerance Tolerance) : IDisposable
{
    public void Dispose()
    {
        Inputs.Dispose();
        Expected.Dispose();
    }
}

/// <summary>A model whose file carries recorded rows: they are replayed with those of its package.</summary>
public interface IRecordedModel : IModel
{
    /// <summary>Makes them anew; the caller disposes them.</summary>
    IEnumerable<CarriedRows> RecordedRows();
}
