namespace Slipway.Core;

/// <summary>Keeps some of the rows that were scored, off the hot path. Thread-safe; never blocks and never throws because of the store.</summary>
public interface ISampleRecorder
{
    /// <summary>Draws rows of a scored batch and hands copies of them to a background writer. The batches stay the caller's.</summary>
    /// <param name="rate">Share of the rows to keep, from 0 to 1.</param>
    /// <param name="prepared">What the model was given.</param>
    /// <param name="predictions">What it answered: as many rows.</param>
    /// <returns>One per row: the sample's id, with which a label can be sent later, or null when the row was not kept.</returns>
    IReadOnlyList<string?> Record(string useCase, double rate, string model, int version, Batch prepared, Batch predictions);
}
