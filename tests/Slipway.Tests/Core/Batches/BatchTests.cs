using Slipway.Core;

namespace Slipway.Tests.Core.Batches;

public class BatchTests
{
    [Fact]
    public void Names_are_unique_and_keep_their_order()
    {
        using var batch = new Batch(Tensor.Of<int>("b", [1]), Tensor.Of<int>("a", [2]));
        Assert.Equal(["b", "a"], batch.Select(t => t.Name));
        using var twice = Tensor.Of<int>("a", [3]);
        Assert.Contains("'a' is given twice", Assert.Throws<RecordException>(() => batch.Add(twice)).Message);
        Assert.Contains("there are: b, a", Assert.Throws<RecordException>(() => batch["c"]).Message);
    }

    [Fact]
    public void Rows_are_the_first_dimension_that_all_share()
    {
        using var table = new Batch(Tensor.Of<int>("a", [1, 2]), Tensor.Of<float>("m", [1, 2, 3, 4], 2, 2));
        Assert.Equal(2, table.Rows);
        table.Add(Tensor.Of<int>("c", [1]));
        Assert.Contains("differ in their number of rows", Assert.Throws<RecordException>(() => table.Rows).Message);
        Assert.Equal(0, new Batch().Rows);
    }

    [Fact]
    public void Set_replaces_in_place_and_disposes_what_was_there()
    {
        var old = Tensor.Of<int>("a", [1]);
        using var batch = new Batch(old, Tensor.Of<int>("b", [2]));
        batch.Set(Tensor.Of<int>("a", [3]));
        Assert.Equal(["a", "b"], batch.Select(t => t.Name));
        Assert.Equal(3, batch["a"].Values<int>()[0]);
        Assert.Throws<ObjectDisposedException>(() => old.Values<int>().Length);
    }

    [Fact]
    public void Rename_and_remove_take_no_copy_and_refuse_a_name_that_is_taken()
    {
        var tensor = Tensor.Of<int>("a", [1]);
        using var batch = new Batch(tensor, Tensor.Of<int>("b", [2]));
        batch.Rename("a", "c");
        Assert.Same(tensor, batch["c"]);
        Assert.Throws<RecordException>(() => batch.Rename("c", "b"));
        using var removed = batch.Remove("c");
        Assert.Same(tensor, removed);
        Assert.Single(batch);
    }
}
