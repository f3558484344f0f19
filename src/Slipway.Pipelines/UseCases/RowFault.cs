namespace Slipway.Pipelines.UseCases;

/// <summary>A row that cannot go on: which (counted from 0 in the batch given), where it failed (<c>prepare[1].cast</c>, <c>model</c>, <c>act[0].http</c>), and why.</summary>
public readonly record struct RowFault(int Row, string Stage, string Reason);
