using Slipway.Models.Graph;
using Slipway.Models.Onnx;
using Slipway.Models.Parity;

namespace Slipway.Tests.Models.Onnx;

public sealed class ValueComparerTests
{
    private static ElementDifference? Compare(Value ours, Value native, double relative = 0, double absolute = 0, bool typesOnly = false) =>
        new ValueComparer(new Tolerance(relative, absolute)).Compare(ours, native, typesOnly);

    [Fact]
    public void Worst_element_is_found_with_its_place()
    {
        var difference = Compare(TensorValue.Of([1f, 2f, 3.5f, 4f, 5.25f, 6f], 2, 3), TensorValue.Of([1f, 2f, 3f, 4f, 5f, 6f], 2, 3), absolute: 0.25)!;
        Assert.Equal([0, 2], difference.Element.AsEnumerable());
        Assert.Equal((3.5, 3.0, 0.25, 1, 6), (difference.Onnx, difference.OnnxRuntime, difference.Allowed, difference.Beyond, difference.Elements));
    }

    [Fact]
    public void Tolerance_is_absolute_and_relative_to_the_native_number()
    {
        Assert.Null(Compare(TensorValue.Of([110f], 1), TensorValue.Of([100f], 1), relative: 0.1));
        Assert.NotNull(Compare(TensorValue.Of([110f], 1), TensorValue.Of([100f], 1), relative: 0.09));
        Assert.Null(Compare(TensorValue.Of([110f], 1), TensorValue.Of([100f], 1), relative: 0.09, absolute: 1));
    }

    [Fact]
    public void What_is_no_number_agrees_with_itself_only()
    {
        Assert.Null(Compare(TensorValue.Of([float.NaN, 1f], 2), TensorValue.Of([-float.NaN, 1f], 2)));
        Assert.NotNull(Compare(TensorValue.Of([float.NaN], 1), TensorValue.Of([1f], 1), 1, 1e9));
        Assert.NotNull(Compare(TensorValue.Of([float.PositiveInfinity], 1), TensorValue.Of([float.NegativeInfinity], 1), 1, 1e9));
    }

    [Fact]
    public void Types_shapes_and_texts_are_compared_exactly()
    {
        Assert.Equal("float[2] on onnx, int64[2] on onnxruntime", Compare(TensorValue.Of([1f, 2f], 2), TensorValue.Vector(1, 2))!.Reason);
        Assert.Equal("float[2] on onnx, float[1,2] on onnxruntime", Compare(TensorValue.Of([1f, 2f], 2), TensorValue.Of([1f, 2f], 1, 2), typesOnly: true)!.Reason);
        Assert.Equal("element [1] is 'b' on onnx, 'c' on onnxruntime", Compare(Texts("a", "b"), Texts("a", "c"))!.Reason);
        Assert.Null(Compare(TensorValue.Of([1f], 1), TensorValue.Of([2f], 1), typesOnly: true));
    }

    [Fact]
    public void Sequences_and_optional_values_are_looked_into()
    {
        var type = new TensorType(DataType.Float32);
        var (one, two) = (TensorValue.Of([1f], 1), TensorValue.Of([2f], 1));
        Assert.Null(Compare(new OptionalValue(type, one), one));
        Assert.Null(Compare(new OptionalValue(type, null), new OptionalValue(type, null)));
        Assert.Equal("item 1", Compare(new SequenceValue(type, [one, two]), new SequenceValue(type, [one, one]))!.Reason);
        Assert.Equal("1 items on onnx, 2 on onnxruntime", Compare(new SequenceValue(type, [one]), new SequenceValue(type, [one, one]))!.Reason);
    }

    private static TensorValue Texts(params string[] texts)
    {
        var tensor = new TensorValue(DataType.String, texts.Length);
        texts.CopyTo(tensor.Strings);
        return tensor;
    }
}
