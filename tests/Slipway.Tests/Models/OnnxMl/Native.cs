using Slipway.Core;
using Slipway.Models.OnnxRuntime;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.OnnxMl;

/// <summary>Runs a model with the trees runtime and with ONNX Runtime itself.</summary>
internal static class Native
{
    public const string Absent = "the native onnxruntime is not on this machine";

    /// <summary>Compares signatures, and all outputs bit by bit.</summary>
    /// <param name="ulps">How far apart float32 outputs may be.</param>
    public static void Compare(byte[] model, Batch inputs, int ulps = 0)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-onnxml-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            File.WriteAllBytes(path, model);
            Compare(path, inputs, ulps);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static void Compare(string path, Batch inputs, int ulps = 0)
    {
        var trees = new TreesRuntime();
        Assert.True(trees.Accepts(path));
        using var ours = trees.Open(path, RuntimeOptions.Default);
        using var theirs = new OnnxRuntimeRuntime().Open(path, RuntimeOptions.Default);
        Assert.Equal(theirs.Signature, ours.Signature);
        using var expected = theirs.Run(inputs);
        using var actual = ours.Run(inputs);
        Assert.Equal(expected.Select(t => t.ToString()), actual.Select(t => t.ToString()));
        for (var i = 0; i < expected.Count; i++) Compare(expected[i], actual[i], ulps);
    }

    public static Batch Matrix(int type, double[] values, int columns, string name = "X")
    {
        long[] shape = [values.Length / columns, columns];
        return new Batch(type switch
        {
            1 => Tensor.Of<float>(name, [.. values.Select(v => (float)v)], shape),
            6 => Tensor.Of<int>(name, [.. values.Select(v => (int)v)], shape),
            7 => Tensor.Of<long>(name, [.. values.Select(v => (long)v)], shape),
            _ => Tensor.Of<double>(name, values, shape),
        });
    }

    private static void Compare(Tensor expected, Tensor actual, int ulps)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected.Type == ElementType.Bytes) Assert.Equal(expected.GetText(i), actual.GetText(i));
            else if (expected.Type == ElementType.Float32) CompareBits(expected.Values<float>()[i], actual.Values<float>()[i], $"{expected}[{i}]", ulps);
            else Assert.Equal(expected.NumberAt(i), actual.NumberAt(i));
        }
    }

    private static void CompareBits(float expected, float actual, string place, int ulps)
    {
        if (float.IsNaN(expected) && float.IsNaN(actual)) return;
        var distance = Math.Abs((long)BitConverter.SingleToInt32Bits(expected) - BitConverter.SingleToInt32Bits(actual));
        Assert.True(distance <= ulps || expected == actual, $"{place}: {expected:R} expected, {actual:R} found ({distance} ULP)");
    }
}
