using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Models.Clustering;

/// <summary>A cluster has a name besides its id, which is how people call it.</summary>
/// <param name="names">Of every cluster, as texts.</param>
internal sealed class ClusterOutputs(RowModel model, double[] names) : WrappedModel(model), IOutputSource
{
    public RowExpression? TryBind(OutputField field, ModelScope scope) =>
        field.Feature == OutputFeature.PredictedDisplayValue ? new NameExpression(Result, names) : null;

    private sealed class NameExpression(ModelResult result, double[] names) : RowExpression(CellType.Text)
    {
        public override double Evaluate(in Row row)
        {
            var cluster = result.Categories.IndexOf(row[result.Predicted]);
            return cluster < 0 ? Cell.Missing : names[cluster];
        }
    }
}
