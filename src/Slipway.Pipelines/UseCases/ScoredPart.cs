using Slipway.Core;

namespace Slipway.Pipelines.UseCases;

/// <summary>The answer of one scoring call, and which rows of the batch it is for.</summary>
public sealed record ScoredPart(int[] Rows, Batch Outputs, string Model, int Version) : IDisposable
{
    public void Dispose() => Outputs.Dispose();
}
