namespace Slipway.Models.Rows;

/// <summary>A model behind which something is added.</summary>
internal abstract class WrappedModel(RowModel model) : RowModel(model.Results)
{
    public RowModel Model { get; } = model;

    public override void Score(in Row row) => Model.Score(row);

    public override void ScoreBlock(in RowBlock block) => Model.ScoreBlock(block);

    public override void Clear(in Row row) => Model.Clear(row);
}
