namespace Slipway.Models.Rows.VectorMachines;

/// <summary>The value of one decision function.</summary>
internal sealed class VectorMachineRegression(ModelResult result, DecisionFunctions functions) : RowModel(result)
{
    public override void Score(in Row row) =>
        row[Result.Predicted] = functions.TryPrepare(row) ? Cell.Number(functions.Evaluate(row, 0)) : Cell.Missing;
}
