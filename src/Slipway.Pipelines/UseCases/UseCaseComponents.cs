using Slipway.Core.Specs;
using Slipway.Pipelines.Actions;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.Steps;
using Slipway.Pipelines.Triggers;

namespace Slipway.Pipelines.UseCases;

/// <summary>Every component that a use case file may name. A new one is a file with its spec and one line here.</summary>
public static class UseCaseComponents
{
    public static ComponentCatalog Catalog { get; } = new ComponentCatalog()
        .Add<SourceSpec, CsvSource>()
        .Add<SourceSpec, TableSource>()
        .Add<SourceSpec, RequestSource>()
        .Add<TriggerSpec, OnRequest>()
        .Add<TriggerSpec, OnArrival>()
        .Add<TriggerSpec, Every>()
        .Add<TriggerSpec, Cron>()
        .Add<StepSpec, Select>()
        .Add<StepSpec, Drop>()
        .Add<StepSpec, Rename>()
        .Add<StepSpec, Cast>()
        .Add<StepSpec, FillMissing>()
        .Add<StepSpec, Clip>()
        .Add<StepSpec, Scale>()
        .Add<StepSpec, OneHot>()
        .Add<StepSpec, Compute>()
        .Add<SinkSpec, TableSink>()
        .Add<SinkSpec, CsvSink>()
        .Add<SinkSpec, HttpSink>()
        .Add<SinkSpec, LogSink>();
}
