using Slipway.Core;
using Slipway.Models.Trees.Features;

namespace Slipway.Tests.Models.Trees.Features;

public class AbsentColumnsTests
{
    private static readonly Signature Columns = new(
        [new TensorSpec("age", ElementType.Float64, [-1], Optional: true), new TensorSpec("city", ElementType.Bytes, [-1], Optional: true), new TensorSpec("id", ElementType.Float64, [-1])],
        [new TensorSpec("prediction", ElementType.Float64, [-1])]);

    [Fact]
    public void Columns_that_may_be_absent_become_columns_of_missing_values()
    {
        using var given = new Batch(Tensor.Of<double>("id", [7, 8, 9]));
        using var complete = AbsentColumns.Complete(Columns, given)!;
        Assert.Equal(["age", "city", "id"], complete.Select(t => t.Name));
        for (var row = 0; row < 3; row++) Assert.True(complete["age"].IsMissing(row) && complete["city"].IsMissing(row) && !complete["id"].IsMissing(row));
        Assert.Equal([7.0, 8, 9], complete["id"].Values<double>().ToArray());
        InputBinding.Require(Columns, complete);
    }

    [Fact]
    public void Column_that_is_needed_stays_absent()
    {
        using var given = new Batch(Tensor.OfText("city", "Graz"));
        using var complete = AbsentColumns.Complete(Columns, given);
        Assert.Contains("'id' is absent", Assert.Throws<RecordException>(() => InputBinding.Require(Columns, complete!)).Message);
    }

    [Fact]
    public void Nothing_is_copied_when_all_columns_are_there_or_none()
    {
        using var all = new Batch(Tensor.Of<double>("id", [1]), Tensor.OfText("city", "Graz"), Tensor.Of<double>("age", [2]));
        using var none = new Batch();
        Assert.Null(AbsentColumns.Complete(Columns, all));
        Assert.Null(AbsentColumns.Complete(Columns, none));
    }

    [Fact]
    public void Columns_of_different_lengths_are_refused()
    {
        using var given = new Batch(Tensor.Of<double>("id", [1]), Tensor.Of<double>("age", [2, 3]));
        Assert.Throws<RecordException>(() => AbsentColumns.Complete(Columns, given));
    }
}
