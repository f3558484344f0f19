using Slipway.Core;

namespace Slipway.Tests.Core.Signatures;

public class InputBindingTests
{
    private static readonly Signature Matrix = new([new TensorSpec("input", ElementType.Float32, [-1, 3], Columns: ["a", "b", "c"])], []);

    private static readonly Signature Two = new([new TensorSpec("x", ElementType.Float32, [-1]), new TensorSpec("y", ElementType.Int64, [-1], Optional: true)], []);

    [Fact]
    public void Batch_that_fits_is_passed_on_as_it_is()
    {
        using var given = new Batch(Tensor.Of<float>("input", [1, 2, 3], 1, 3));
        Assert.Same(given, InputBinding.Bind(Matrix, given));
        InputBinding.Require(Matrix, given);
    }

    [Fact]
    public void Columns_of_any_numeric_type_and_order_are_gathered_into_the_matrix()
    {
        var b = Tensor.Of<long>("b", [2, 5]);
        b.SetMissing(1);
        using var given = new Batch(Tensor.Of<double>("c", [3, 6]), b, Tensor.Of<float>("a", [1, 4]), Tensor.OfText("id", "p", "q"));
        using var bound = InputBinding.Bind(Matrix, given, allowExtra: true);
        Assert.Equal([1f, 2, 3, 4, float.NaN, 6], bound["input"].Values<float>().ToArray());
        Assert.Equal([2, 3], bound["input"].Shape.ToArray());
        Assert.Contains("'id' is not an input", Assert.Throws<RecordException>(() => InputBinding.Bind(Matrix, given)).Message);
    }

    [Fact]
    public void Rows_are_kept_for_a_model_that_reads_none_of_their_columns()
    {
        var signature = new Signature([new TensorSpec("x", ElementType.Float64, [-1], Optional: true)], []);
        using var given = new Batch(Tensor.Of<double>("y", [1, 2, 3]));
        Assert.Equal(3, InputBinding.Bind(signature, given, allowExtra: true).Rows);
    }

    [Fact]
    public void Gathered_matrix_is_the_same_row_by_row()
    {
        var random = new Random(11);
        double[] Column() => [.. Enumerable.Range(0, 17).Select(_ => random.NextDouble())];
        using var given = new Batch(Tensor.Of<double>("a", Column()), Tensor.Of<double>("b", Column()), Tensor.Of<double>("c", Column()));
        using var whole = InputBinding.Bind(Matrix, given);
        for (var row = 0; row < 17; row++)
        {
            using var one = given.Take([row]);
            using var bound = InputBinding.Bind(Matrix, one);
            Assert.Equal(whole["input"].Values<float>().Slice(row * 3, 3).ToArray(), bound["input"].Values<float>().ToArray());
        }
    }

    [Fact]
    public void Optional_input_may_be_absent_and_a_needed_one_may_not()
    {
        using var without = new Batch(Tensor.Of<double>("x", [1.5]));
        using var bound = InputBinding.Bind(Two, without);
        Assert.Equal("x", Assert.Single(bound).Name);
        using var only = new Batch(Tensor.Of<long>("y", [1]));
        Assert.Contains("input 'x' is absent; given: y", Assert.Throws<RecordException>(() => InputBinding.Bind(Two, only)).Message);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        using var shape = new Batch(Tensor.Of<float>("input", [1, 2], 1, 2));
        Assert.Contains("has shape [1,2], expected [-1,3]", Assert.Throws<RecordException>(() => InputBinding.Bind(Matrix, shape)).Message);
        using var absent = new Batch(Tensor.Of<float>("a", [1]), Tensor.Of<float>("b", [1]));
        Assert.Contains("column 'c' is absent", Assert.Throws<RecordException>(() => InputBinding.Bind(Matrix, absent)).Message);
        using var text = new Batch(Tensor.Of<float>("a", [1]), Tensor.Of<float>("b", [1]), Tensor.OfText("c", "x"));
        Assert.Contains("'c' holds text", Assert.Throws<RecordException>(() => InputBinding.Bind(Matrix, text)).Message);
        using var uneven = new Batch(Tensor.Of<float>("a", [1]), Tensor.Of<float>("b", [1, 2]), Tensor.Of<float>("c", [1]));
        Assert.Contains("'b' has 2 rows", Assert.Throws<RecordException>(() => InputBinding.Bind(Matrix, uneven)).Message);
        using var type = new Batch(Tensor.Of<double>("input", [1, 2, 3], 1, 3));
        Assert.Contains("is FP64, FP32 expected", Assert.Throws<RecordException>(() => InputBinding.Require(Matrix, type)).Message);
    }
}
