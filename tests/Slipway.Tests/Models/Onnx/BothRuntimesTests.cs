using Slipway.Core;
using Slipway.Models;
using Slipway.Models.Onnx;
using Slipway.Models.OnnxRuntime;
using static Slipway.Tests.Models.Onnx.OnnxModels;

namespace Slipway.Tests.Models.Onnx;

/// <summary>What a batch brings to either ONNX engine, and takes from it.</summary>
public sealed class BothRuntimesTests
{
    [Theory]
    [InlineData("onnx")]
    [InlineData("onnxruntime")]
    public void Every_tensor_type_passes_through_unchanged(string runtime)
    {
        using var model = Open(runtime, "identities");
        using var inputs = new Batch(
            Tensor.Of("float", [1.5f, float.NaN]), Tensor.Of("double", [1.25, double.NegativeInfinity]), Tensor.Of("half", [(Half)0.5, Half.MaxValue]),
            Tensor.Of("int8", [sbyte.MinValue, sbyte.MaxValue]), Tensor.Of("int16", [short.MinValue, (short)3]), Tensor.Of("int32", [int.MinValue, 3]),
            Tensor.Of("int64", [long.MinValue, 3L]), Tensor.Of("uint8", [byte.MaxValue, (byte)0]), Tensor.Of("uint16", [ushort.MaxValue, (ushort)0]),
            Tensor.Of("uint32", [uint.MaxValue, 0u]), Tensor.Of("uint64", [ulong.MaxValue, 0ul]), Tensor.Of("bool", [true, false]),
            Tensor.OfText("string", "grüß\0dich", ""));
        using var outputs = model.Run(inputs);
        Assert.Equal(inputs.Count, outputs.Count);
        foreach (var input in inputs)
        {
            var output = outputs[input.Name + "_out"];
            Assert.Equal(input.Type, output.Type);
            if (input.Type == ElementType.Bytes) Assert.Equal((input.GetText(0), input.GetText(1)), (output.GetText(0), output.GetText(1)));
            else Assert.Equal(input.RawData.ToArray(), output.RawData.ToArray());
        }
    }

    [Theory]
    [InlineData("onnx")]
    [InlineData("onnxruntime")]
    public void Missing_numbers_reach_the_model_as_NaN(string runtime)
    {
        using var model = Open(runtime, "linear");
        var x = Tensor.Of("x", [1f, 2f, 3f, 4f], 1, 4);
        x.SetMissing(2);
        using var inputs = new Batch(x);
        using var outputs = model.Run(inputs);
        Assert.True(float.IsNaN(outputs["y"].Values<float>()[0]));
    }

    private static IModel Open(string runtime, string fixture)
    {
        if (runtime == "onnx") return new GraphRuntime().Open(Fixture(fixture), RuntimeOptions.Default);
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip("the native onnxruntime is absent: npm ci --ignore-scripts in native/ brings it");
        return new OnnxRuntimeRuntime().Open(Fixture(fixture), RuntimeOptions.Default);
    }
}
