using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Core.Specs;
using Slipway.Pipelines.Actions;
using Slipway.Pipelines.Steps;

namespace Slipway.Pipelines.UseCases;

/// <summary>
/// A use case with every name and type resolved: what is left to fail is data and the outside world.
/// Three tables follow from each other: <see cref="Source"/>; <see cref="Prepared"/>, which the model sees; and <see cref="Acted"/>, which conditions and actions see.
/// </summary>
/// <param name="Steps">In order; <see cref="BoundStep.Stage"/> names each in quarantine and errors.</param>
/// <param name="Acted">
/// The source's columns (also those that prepare dropped or renamed: keys for a table action need not be model inputs), each in its prepared form where prepare kept or
/// changed it; then the columns prepare made; then the model's outputs. An output may take the name of a source column that prepare dropped, which then is not seen.
/// </param>
/// <param name="Watches">Empty when bound without a watch scope.</param>
public sealed record BoundUseCase(
    UseCaseSpec Spec, Signature Signature, TableSchema Source, ImmutableArray<BoundStep> Steps, TableSchema Prepared,
    ModelOutputs Outputs, TableSchema Acted, ImmutableArray<BoundAction> Actions, ImmutableArray<BoundWatch> Watches);

/// <param name="Stage">As in the file: <c>prepare[1].cast</c>.</param>
public sealed record BoundStep(string Stage, IStep Step);

/// <param name="Stage">As in the file: <c>act[0].http</c>.</param>
public sealed record BoundAction(string Stage, SinkSpec Sink, BoundExpression? When);
