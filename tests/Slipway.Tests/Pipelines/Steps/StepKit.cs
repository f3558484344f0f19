using Slipway.Core;
using Slipway.Pipelines.Steps;

namespace Slipway.Tests.Pipelines.Steps;

internal static class StepKit
{
    /// <summary>Binds, applies, and checks that what came out is what the output schema promised.</summary>
    public static (Batch Rows, RowFaults Faults) Apply(StepSpec spec, params (string Name, object?[] Values)[] columns)
    {
        var rows = Cells.Table(columns);
        return (rows, Apply(spec.Bind(Cells.SchemaOf(rows)), rows));
    }

    public static RowFaults Apply(IStep step, Batch rows)
    {
        var faults = new RowFaults();
        step.Apply(rows, faults);
        Assert.Equal(step.Output, Cells.SchemaOf(rows));
        return faults;
    }

    public static string[] Lines(StepSpec spec, params (string Name, object?[] Values)[] columns)
    {
        var (rows, faults) = Apply(spec, columns);
        using (rows)
        {
            Assert.Empty(faults.Reasons);
            return Cells.Lines(rows);
        }
    }

    /// <summary>The problems of binding, each as <c>path: message</c>.</summary>
    public static string[] Problems(StepSpec spec, params (string Name, object?[] Values)[] columns)
    {
        using var rows = Cells.Table(columns);
        var schema = Cells.SchemaOf(rows);
        return [.. Assert.Throws<SpecException>(() => spec.Bind(schema)).Problems.Select(p => p.ToString())];
    }
}
