using System.IO.Compression;
using Slipway.Core;
using Slipway.Models.Graph;
using Slipway.Models.Onnx;
using Slipway.Models.OnnxRuntime;
using Slipway.Models.Parity;
using static Slipway.Tests.Models.Onnx.OnnxModels;

namespace Slipway.Tests.Models.Onnx;

public sealed class EngineDiffTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-engine-diff-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static EngineComparison Run(string path, double relative = 1e-3, double absolute = 1e-5, int size = 2, params string[] inputs)
    {
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip("the native onnxruntime is not on this machine");
        return EngineDiff.Run(path, inputs, new Tolerance(relative, absolute), seed: 1, size);
    }

    [Fact]
    public void Inner_values_and_outputs_of_both_engines_agree()
    {
        var comparison = Run(Write(_folder, Network()));
        Assert.True(comparison.Agrees, comparison.ToString());
        Assert.Equal((6, 0, 0), (comparison.Values, comparison.Random, comparison.Differing));
        Assert.InRange(comparison.Worst, 0, 1);
    }

    [Fact]
    public void Constants_that_operators_packed_are_compared_too()
    {
        var model = Model([Node("Constant", [], ["w"], new AttributeDefinition("value", TensorValue.Of([1f, 2f, 3f, 4f], 2, 2))), Node("Transpose", ["w"], ["t"]), Node("MatMul", ["x", "t"], ["y"])], [Floats("x", -1, 2)], [Floats("y", -1, 2)]);
        var comparison = Run(Write(_folder, model));
        Assert.True(comparison.Agrees, comparison.ToString());
        Assert.Equal(3, comparison.Values);
    }

    [Fact]
    public void Random_values_are_compared_by_their_types()
    {
        var comparison = Run(Write(_folder, Model([Node("RandomNormalLike", ["x"], ["r"]), Node("Add", ["x", "r"], ["y"]), Node("Neg", ["x"], ["z"])], [Floats("x", -1, 3)], [Floats("y", -1, 3), Floats("z", -1, 3)])));
        Assert.True(comparison.Agrees, comparison.ToString());
        Assert.Equal((3, 2), (comparison.Values, comparison.Random));
    }

    [Fact]
    public void Inputs_come_from_archives_and_are_missed_by_name()
    {
        var path = Write(_folder, Model([Node("Neg", ["x"], ["y"])], [Floats("x", -1)], [Floats("y", -1)]));
        Assert.Equal(1, Run(path, inputs: Archive("x")).Values);
        Assert.Contains("has no array 'x'; it has: other", Assert.Throws<ModelException>(() => Run(path, inputs: Archive("other"))).Message, StringComparison.Ordinal);
        Assert.Contains("2 files of inputs are given, the model has 1 inputs: x", Assert.Throws<ModelException>(() => Run(path, inputs: ["a.pb", "b.pb"])).Message, StringComparison.Ordinal);
        Assert.Contains("has no input_0.pb", Assert.Throws<ModelException>(() => Run(path, inputs: _folder.FullName)).Message, StringComparison.Ordinal);
    }

    /// <summary>An .npz with one array of two float32.</summary>
    private string Archive(string name)
    {
        var path = Path.Combine(_folder.FullName, name + ".npz");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        using var entry = archive.CreateEntry(name + ".npy").Open();
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".PadRight(117) + "\n";
        entry.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]);
        return path;
    }
}
