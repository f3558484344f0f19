using Slipway.Core;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.Pipelines.UseCases;

public class ModelOutputsTests
{
    [Fact]
    public void Outputs_become_columns()
    {
        var outputs = ModelOutputs.Of(new Signature([], [
            new TensorSpec("label", ElementType.Bytes, [-1]),
            new TensorSpec("score", ElementType.Float32, [-1, 1]),
            new TensorSpec("probability", ElementType.Float32, [-1, 2], Columns: ["no", "yes"]),
            new TensorSpec("box", ElementType.Int32, [-1, 2, 2]),
        ]));
        Assert.Equal("label BYTES, score FP32, no FP32, yes FP32, box_0 INT32, box_1 INT32, box_2 INT32, box_3 INT32", outputs.Schema.ToString());
        Assert.Empty(outputs.Notes);
    }

    [Fact]
    public void Outputs_without_a_fixed_width_are_noted()
    {
        var outputs = ModelOutputs.Of(new Signature([], [
            new TensorSpec("all", ElementType.Float32, []),
            new TensorSpec("any", ElementType.Float32, [-1, -1]),
            new TensorSpec("none", ElementType.Float32, [-1, 0]),
            new TensorSpec("huge", ElementType.Float32, [-1, 1 << 20, 1 << 20, 1 << 30]),
        ]));
        Assert.Empty(outputs.Schema.Columns);
        Assert.Equal(4, outputs.Notes.Length);
        Assert.StartsWith("output any FP32[-1,-1] is no column", outputs.Notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_joined_row_by_row()
    {
        var outputs = ModelOutputs.Of(new Signature([], [new TensorSpec("l", ElementType.Bytes, [-1]), new TensorSpec("p", ElementType.Float32, [-1, 2])]));
        using var first = new ScoredPart([0, 1], new Batch(Tensor.OfText("l", "a", null), Tensor.Of<float>("p", [1, 2, 3, 4], 2, 2)), "m", 1);
        using var second = new ScoredPart([3], new Batch(Tensor.OfText("l", "c"), Tensor.Of<float>("p", [5, 6], 1, 2)), "m", 1);
        using var columns = outputs.Columns([first, second]);
        Assert.Equal(["l=a p_0=1 p_1=2", "l=∅ p_0=3 p_1=4", "l=c p_0=5 p_1=6"], Cells.Lines(columns));
    }

    [Fact]
    public void An_answer_that_breaks_the_signature_is_the_models_fault()
    {
        var outputs = ModelOutputs.Of(new Signature([], [new TensorSpec("p", ElementType.Float32, [-1])]));
        using var wrongType = new ScoredPart([0], new Batch(Tensor.Of<double>("p", [1])), "m", 7);
        using var wrongRows = new ScoredPart([0, 1], new Batch(Tensor.Of<float>("p", [1])), "m", 7);
        using var absent = new ScoredPart([0], new Batch(), "m", 7);
        foreach (var part in new[] { wrongType, wrongRows, absent })
        {
            Assert.StartsWith("output 'p' of m/7 is ", Assert.Throws<ModelException>(() => outputs.Columns([part])).Message, StringComparison.Ordinal);
        }
    }
}
