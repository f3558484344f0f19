using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Slipway.Tests.Models.Formats.Onnx;

namespace Slipway.Tests.Models.Engine;

/// <summary>What a compiled graph keeps of its weights and of the file that they came in.</summary>
public class ModelMemoryTests
{
    private const int Size = 600;

    private static TensorValue Weights(params long[] shape)
    {
        var tensor = new TensorValue(DataType.Float32, shape);
        for (var i = 0; i < tensor.Count; i++) tensor.Values<float>()[i] = (i * 37 % 19 - 9) / 10f;
        return tensor;
    }

    private static string Write(TemporaryFolder folder, GraphSource source)
    {
        using var bytes = new MemoryStream();
        OnnxWriter.Write(source.Model(), bytes);
        return folder.Write("model.onnx", bytes.ToArray());
    }

    private static GraphModel Compile(GraphSource source) => GraphModel.Compile(source.Model(), GraphOptions.Default);

    private static long KeptBytes(GraphModel model) => model.Graph.Values.Sum(v => v.Constant is TensorValue { HasElements: true } tensor ? tensor.Memory.Length : 0L);

    private static GraphSource Convolution(long rows, long height) => new GraphSource().Input("x", DataType.Float32, rows, 2, height, 5).Constant("w", Weights(3, 2, 3, 3)).Constant("c", Weights(3))
        .Constant("g", Weights(3)).Constant("b", Weights(3)).Constant("m", Weights(3)).Constant("v", TensorValue.Of([1f, 2f, 0.5f], 3))
        .Node("a = Conv(x, w, c)").Node("n = BatchNormalization(a, g, b, m, v)").Node("y = Relu(n)").Output("y");

    [Theory]
    [InlineData(1, 5, 0)]
    [InlineData(-1, 5, 0)]
    // Sizes that runs bring need the weights again: those of the file, and a bias.
    [InlineData(1, -1, (3 * 2 * 3 * 3 + 3) * sizeof(float))]
    public void Convolutions_pack_at_load_where_the_size_is_known(long rows, long height, long kept)
    {
        var model = Compile(Convolution(rows, height));
        Assert.Equal(["Conv+BatchNormalization+Relu"], model.Graph.Nodes.Select(n => n.Info.Operator));
        Assert.Equal(kept, KeptBytes(model));
    }

    [Fact]
    public void Convolutions_of_every_size_share_what_is_packed()
    {
        var source = Convolution(-1, -1);
        var (model, plain) = (Compile(source), GraphModel.Compile(source.Model(), new GraphOptions(Optimise: false)));
        // More sizes than kernels are kept, then the first again; those of few and of many outputs pack differently.
        foreach (var height in (long[])[3, 4, 5, 60, 7, 8, 9, 10, 11, 12, 13, 3])
        {
            Value[] inputs = [Weights(2, 2, height, 5)];
            using var run = model.Run(inputs);
            using var expected = plain.Run(inputs);
            Assert.Equal(expected.Output(0).AsTensor.Shape, run.Output(0).AsTensor.Shape);
            for (var i = 0; i < run.Output(0).AsTensor.Count; i++) Assert.Equal(expected.Output(0).AsTensor.Values<float>()[i], run.Output(0).AsTensor.Values<float>()[i], 1e-4);
        }
    }

    [Fact]
    public void A_file_whose_weights_are_packed_is_let_go()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mapped files are listed in /proc");
        using var folder = new TemporaryFolder();
        var path = Write(folder, new GraphSource().Input("x", DataType.Float32, 1, Size).Constant("w", Weights(Size, Size)).Constant("b", Weights(Size)).Node("p = MatMul(x, w)").Node("y = Add(p, b)").Output("y"));
        var model = Open(path);
        Collect();
        Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        Run(model, Weights(1, Size));
    }

    [Fact]
    public void Weights_of_bodies_are_not_kept_by_the_description_of_the_body()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mapped files are listed in /proc");
        using var folder = new TemporaryFolder();
        var body = new GraphSource().Constant("w", Weights(Size, Size)).Node("p = MatMul(x, w)").Output("p");
        var path = Write(folder, new GraphSource().Input("x", DataType.Float32, 1, Size).Input("c", DataType.Bool).Node("y = If(c)", ("then_branch", body), ("else_branch", new GraphSource().Node("z = Neg(x)").Output("z"))).Output("y"));
        var model = Open(path);
        Collect();
        Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        Run(model, Weights(1, Size), TensorValue.Of<byte>(DataType.Bool, [1], []));
    }

    [Fact]
    public void Weights_that_are_read_where_they_lie_stay_mapped()
    {
        using var folder = new TemporaryFolder();
        var model = Open(Write(folder, Table()));
        Collect();
        Assert.NotNull(model.Graph.Values.Single(v => v.Name == "w").Constant!.AsTensor.File);
        Assert.Equal(Weights(Size, Size).Values<float>().Slice(7 * Size, Size), Run(model, TensorValue.Vector(7)).Values<float>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_that_is_changed_while_it_is_mapped_is_told_about(int change)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "files that are mapped cannot be changed");
        using var folder = new TemporaryFolder();
        var path = Write(folder, Table());
        var model = Open(path);
        Run(model, TensorValue.Vector(7));
        // Programs that know no locks, as cp: .NET's own would be refused.
        switch (change)
        {
            case 0: Shell("truncate", "-s", "1000", path); break;
            case 1: Shell("dd", "if=/dev/zero", $"of={path}", "bs=1000", "count=1", "conv=notrunc"); break;
            default: Shell("rm", path); break;
        }
        if (change == 2) Run(model, TensorValue.Vector(7));
        else Assert.Contains("was changed after it was loaded", Assert.Throws<ModelException>(() => Run(model, TensorValue.Vector(7))).Message);
    }

    [Fact]
    public void A_file_that_is_mapped_is_locked_for_programs_of_dotnet()
    {
        using var folder = new TemporaryFolder();
        var path = Write(folder, Table());
        var model = Open(path);
        Assert.Throws<IOException>(() => File.Open(path, FileMode.Open, FileAccess.ReadWrite).Dispose());
        Run(model, TensorValue.Vector(7));
    }

    private static GraphSource Table() => new GraphSource().Input("i", DataType.Int64, 1).Constant("w", Weights(Size, Size)).Node("y = Gather(w, i)").Output("y");

    private static void Shell(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    // In methods of their own, so that nothing on the test's stack holds the file.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static GraphModel Open(string path) => GraphModel.Compile(OnnxReader.Read(path), GraphOptions.Default);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TensorValue Run(GraphModel model, params Value[] inputs)
    {
        using var run = model.Run(inputs);
        return (TensorValue)run.Output(0).Copy();
    }

    private static void Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
