using System.Collections.Immutable;
using System.Diagnostics;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Engine;

/// <summary>Models made to hurt: each is computed, or refused by one of two kinds of error, in bounded time and memory.</summary>
public class HostileGraphTests
{
    private static readonly GraphOptions Options = new(MaxMemory: 64 << 20);

    /// <summary>10,000 when SLIPWAY_TEST_ALL is 1.</summary>
    private static int Mutations => Environment.GetEnvironmentVariable("SLIPWAY_TEST_ALL") == "1" ? 10_000 : 600;

    [Fact]
    public void Damaged_models_run_or_are_refused()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Corpora.Find("onnx-backend"), "v1.22.0", "node"), "model.onnx", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length < 4_000).Order(StringComparer.Ordinal).ToArray();
        var random = new Random(23);
        var (ran, refused) = (0, 0);
        var faults = new List<string>();
        for (var i = 0; i < Mutations; i++)
        {
            var file = files[random.Next(files.Length)];
            var bytes = File.ReadAllBytes(file);
            // Most files with many damages are no messages any more: half have one byte changed, which often leaves a model.
            if (i % 2 == 0) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            else bytes = DamagedBytes.Of("\u0008\u000a\u0012\u001a\u0022\u002a\u0032\u003a\u0000\u0001", bytes, random);
            var clock = Stopwatch.StartNew();
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
                var model = GraphModel.Compile(OnnxReader.Read(bytes, "bad.onnx", null), Options);
                var inputs = model.Inputs.Select(v => Tiny(v.Type)).ToArray();
                if (inputs.Contains(null)) continue;
                model.Run(inputs!, patience.Token).Dispose();
                ran++;
            }
            catch (Exception e) when (e is ModelException or RecordException)
            {
                refused++;
            }
            catch (OperationCanceledException)
            {
                faults.Add($"mutation {i} of {Path.GetFileName(Path.GetDirectoryName(file))} does not end");
            }
            catch (Exception e)
            {
                faults.Add($"mutation {i} of {Path.GetFileName(Path.GetDirectoryName(file))}: {e.GetType().Name} {e.Message} {e.StackTrace?.Split('\n')[0]}");
            }
            if (clock.Elapsed.TotalSeconds > 5) faults.Add($"mutation {i} of {Path.GetFileName(Path.GetDirectoryName(file))} takes {clock.Elapsed}");
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.True(ran > Mutations / 30 && refused > Mutations / 5, $"{ran} ran, {refused} were refused: the damage tests nothing");
    }

    private static TensorValue? Tiny(GraphType? type) =>
        type is TensorType { Element: not (DataType.String or DataType.Undefined), Shape: { } shape } tensor && shape.Dimensions.All(d => d <= 64) && shape.Rank <= 6 && shape.Dimensions.Aggregate(1L, (n, d) => n * Math.Max(1, Math.Abs(d))) < 100_000
            ? new TensorValue(tensor.Element, [.. shape.Dimensions.Select(d => d < 0 ? 2 : d)]) : null;

    public static TheoryData<string, string> Huge => new()
    {
        { "y = ConstantOfShape(n)", "2000000000" }, { "y = ConstantOfShape(n)", "4000000000000,4000000000000" }, { "y = Expand(x, n)", "1000000000,1" }, { "y = Expand(x, n)", "9223372036854775807,2" },
        { "y = Tile(x, n)", "2000000000" }, { "y = Tile(x, n)", "9223372036854775807" }, { "y = Pad(x, n)", "0,2000000000" }, { "y = Pad(x, n)", "9223372036854775807,9223372036854775807" },
        { "y = Reshape(x, n)", "9223372036854775807,2" }, { "y = Reshape(x, n)", "4294967296,4294967296,-1" },
    };

    [Theory]
    [MemberData(nameof(Huge))]
    public void Sizes_beyond_all_memory_are_refused(string call, string sizes)
    {
        var values = TensorValue.Vector([.. sizes.Split(',').Select(long.Parse)]);
        var known = new GraphSource().Input("x", DataType.Float32, 2).Constant("n", values).Node(call).Node("z = Neg(y)").Output("z").Model();
        var given = new GraphSource().Input("x", DataType.Float32, 2).Input("n", DataType.Int64, values.Count).Node(call).Node("z = Neg(y)").Output("z").Model();
        var x = TensorValue.Of([1f, 2f], 2);
        Refused(() => Run(known, x));
        Refused(() => Run(given, x, values));
    }

    [Fact]
    public void A_range_beyond_all_memory_is_refused()
    {
        var model = new GraphSource().Input("n", DataType.Int64).Constant("zero", TensorValue.Of([0L], [])).Constant("one", TensorValue.Of([1L], [])).Node("y = Range(zero, n, one)").Output("y").Model();
        foreach (var size in (long[])[2_000_000_000, long.MaxValue]) Refused(() => Run(model, new TensorValue(DataType.Int64) is var t && Fill(t, size) is var n ? n : t));

        static TensorValue Fill(TensorValue tensor, long value)
        {
            tensor.Resize(DataType.Int64, []);
            tensor.Values<long>()[0] = value;
            return tensor;
        }
    }

    [Fact]
    public void Huge_windows_are_refused_or_answered()
    {
        foreach (var size in (long[])[1 << 20, int.MaxValue, long.MaxValue / 2])
        {
            var model = new GraphSource().Input("x", DataType.Float32, 1, 1, 3, 3).Node("y = MaxPool(x)", ("kernel_shape", new[] { size, size })).Output("y").Model();
            Refused(() => Run(model, new TensorValue(DataType.Float32, 1, 1, 3, 3)));
        }
    }

    [Fact]
    public void An_endless_loop_ends_when_it_is_cancelled()
    {
        var body = new GraphSource().Input("i", DataType.Int64).Input("go", DataType.Bool).Input("v", DataType.Float32, 1).Node("o = Identity(go)").Node("w = Neg(v)").Output("o", "w");
        var model = GraphModel.Compile(new GraphSource().Input("x", DataType.Float32, 1).Constant("n", TensorValue.Of([long.MaxValue], [])).Node("y = Loop(n, , x)", ("body", body)).Output("y").Model(), Options);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.ThrowsAny<OperationCanceledException>(() => model.Run((Value[])[new TensorValue(DataType.Float32, 1)], patience.Token));
    }

    [Fact]
    public void An_endless_loop_in_a_branch_on_constants_is_not_run_at_load()
    {
        var body = new GraphSource().Input("i", DataType.Int64).Input("go", DataType.Bool).Input("v", DataType.Float32, 1).Node("o = Identity(go)").Node("w = Neg(v)").Output("o", "w");
        var branch = new GraphSource().Node("y = Loop(n, , x)", ("body", body)).Output("y");
        var model = GraphModel.Compile(new GraphSource().Constant("x", new TensorValue(DataType.Float32, 1)).Constant("c", TensorValue.Of<byte>(DataType.Bool, [1], 1)).Constant("n", TensorValue.Of([long.MaxValue], []))
            .Node("r = If(c)", ("then_branch", branch), ("else_branch", branch)).Output("r").Model(), Options);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.ThrowsAny<OperationCanceledException>(() => model.Run([], patience.Token));
    }

    [Fact]
    public void Functions_that_call_themselves_are_refused()
    {
        var direct = new GraphSource().Node("y = my::F(x)").Function("F", ["x"], ["y"]);
        Assert.Contains("64 deep", Refusal(direct));
        var throughBody = new GraphSource().Node("y = If(x)", ("then_branch", new GraphSource().Node("z = my::F(x)").Output("z")), ("else_branch", new GraphSource().Node("z = Identity(x)").Output("z"))).Function("F", ["x"], ["y"]);
        Assert.Contains("deep", Refusal(throughBody));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Functions_that_multiply_are_refused(bool makesNodes)
    {
        var functions = ImmutableArray.CreateBuilder<FunctionDefinition>();
        for (var i = 0; i < 40; i++) functions.Add(new GraphSource().Node($"a = my::F{i + 1}(x)").Node($"y = my::F{i + 1}(a)").Function("F" + i, ["x"], ["y"]));
        functions.Add((makesNodes ? new GraphSource().Node("y = Neg(x)") : new GraphSource()).Function("F40", ["x"], ["y"]));
        var model = new GraphSource().Input("x", DataType.Float32, 1).Node("y = my::F0(x)").Output("y").Model(20, functions.ToImmutable());
        Assert.Contains("more than 200000 nodes", Assert.Throws<ModelException>(() => GraphModel.Compile(model, Options)).Message);
    }

    [Theory]
    [InlineData("If")]
    [InlineData("Loop")]
    public void Bodies_in_bodies_to_the_limit_of_the_reader_end(string kind)
    {
        var body = new GraphSource().Node("r = Neg(x)").Output("r");
        for (var i = 0; i < 60; i++)
        {
            body = kind == "If"
                ? new GraphSource().Node("r = If(c)", ("then_branch", body), ("else_branch", new GraphSource().Node("r = Abs(x)").Output("r"))).Output("r")
                : new GraphSource().Input("i" + i).Input("g" + i).Input("v" + i).Node($"o = Identity(g{i})").Node($"r = Loop(n, , v{i})", ("body", i == 0 ? Inner() : body)).Output("o", "r");
        }
        var source = new GraphSource().Input("x", DataType.Float32, 1).Input("c", DataType.Bool, 1).Constant("n", TensorValue.Of([1L], []));
        source = kind == "If" ? source.Node("y = If(c)", ("then_branch", body), ("else_branch", body)) : source.Node("y = Loop(n, , x)", ("body", body));
        try
        {
            var model = GraphModel.Compile(source.Output("y").Model(), Options);
            model.Run(new Dictionary<string, Value> { ["x"] = TensorValue.Of([2f], 1), ["c"] = TensorValue.Of<byte>(DataType.Bool, [1], 1) });
        }
        catch (Exception e) when (e is ModelException or RecordException)
        {
            Assert.Contains("too deep", e.Message);
        }

        static GraphSource Inner() => new GraphSource().Input("i").Input("g").Input("v").Node("o = Identity(g)").Node("r = Neg(v)").Output("o", "r");
    }

    private static string Refusal(FunctionDefinition function) =>
        Assert.Throws<ModelException>(() => GraphModel.Compile(new GraphSource().Input("x", DataType.Bool, 1).Node("y = my::F(x)").Output("y").Model(20, [function]), Options)).Message;

    private static void Run(ModelDefinition definition, params Value[] inputs)
    {
        var model = GraphModel.Compile(definition, Options);
        model.Run(inputs).Dispose();
    }

    private static void Refused(Action run)
    {
        var fault = Assert.ThrowsAny<SlipwayException>(run);
        Assert.True(fault is ModelException or RecordException, fault.GetType().Name);
    }
}
