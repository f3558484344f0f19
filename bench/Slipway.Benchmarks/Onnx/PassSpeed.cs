using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>What passes of the optimiser, a second thread and fast math gain: small graphs of what a pass looks for, as written, optimised, on two threads and with fast math, in turns in one process.</summary>
internal static class PassSpeed
{
    private const double SecondsPerRound = 0.01;
    private const int Rounds = 60;

    private static readonly ImmutableArray<long> ToLast = [0, 2, 3, 1], ToFirst = [0, 3, 1, 2], Ones = [1, 1, 1, 1];


    private static readonly (string Name, Func<NetworkBuilder, string> Build, long[] Shape)[] Cases =
    [
        ("add", b => b.Node("Add", ["x", b.Uniform(0, 1, 512)]), [4096, 512]),
        ("exp", b => b.Node("Exp", ["x"]), [64, 512]),
        ("exp", b => b.Node("Exp", ["x"]), [4096, 512]),
        ("transpose", b => b.Node("Transpose", ["x"], ("perm", ToLast)), [1, 64, 56, 56]),
        ("transpose", b => b.Node("Transpose", ["x"], ("perm", ToLast)), [16, 64, 56, 56]),
        ("concat", b => b.Node("Concat", ["x", "x"], ("axis", -1L)), [4096, 512]),
        ("gather", b => b.Node("Gather", ["x", b.Integers([.. Enumerable.Range(0, 4096).Select(i => i * 37L % 4096)])], ("axis", 0L)), [4096, 512]),
        ("chain of 2", b => b.Node("Relu", [b.Node("Mul", ["x", b.Uniform(0, 1, 512)])]), [4096, 512]),
        ("chain of 8", Chain, [8, 64]),
        ("chain of 8", Chain, [64, 512]),
        ("chain of 8", Chain, [4096, 512]),
        ("chain of 8", Chain, [16384, 2048]),
        ("channels last", ChannelsLast, [1, 56, 56, 64]),
        ("batch normalization in parts", NormalizedInParts, [1, 64, 56, 56]),
        ("depthwise normalized in parts", DepthwiseInParts, [1, 64, 56, 56]),
        ("scaled projections", ScaledProjections, [128, 384]),
    ];

    public static int Run(string only)
    {
        Console.WriteLine("| graph | shape | as written µs | optimised µs | gain | two threads µs | gain | fast math µs | gain |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, build, shape) in Cases.Where(c => c.Name.Contains(only, StringComparison.Ordinal)))
        {
            var builder = new NetworkBuilder(name);
            builder.Input("x", DataType.Float32, shape);
            builder.Output(build(builder));
            var definition = builder.Build();
            GraphModel[] models = [GraphModel.Compile(definition, new GraphOptions(Optimise: false)), GraphModel.Compile(definition, new GraphOptions()), GraphModel.Compile(definition, new GraphOptions(2)), GraphModel.Compile(definition, new GraphOptions(FastMath: true))];
            var times = Measure(models, Numbers(shape));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {string.Join('×', shape)} | {times[0] * 1e6:F1} | {times[1] * 1e6:F1} | {times[0] / times[1]:F2} | {times[2] * 1e6:F1} | {times[1] / times[2]:F2} | {times[3] * 1e6:F1} | {times[1] / times[3]:F2} |"));
        }
        return 0;
    }

    /// <summary>Seconds of the fastest run: others on the machine only ever slow one down.</summary>
    private static double[] Measure(GraphModel[] models, TensorValue input)
    {
        Value[] inputs = [input];
        var best = new double[models.Length];
        Array.Fill(best, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            for (var m = 0; m < models.Length; m++)
            {
                var began = Stopwatch.GetTimestamp();
                do
                {
                    var start = Stopwatch.GetTimestamp();
                    models[m].Run(inputs).Dispose();
                    best[m] = Math.Min(best[m], Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
                while (Stopwatch.GetElapsedTime(began).TotalSeconds < SecondsPerRound);
            }
        }
        return best;
    }

    /// <summary>A scaled, shifted, squashed input and itself, as normalisations and gates are written.</summary>
    private static string Chain(NetworkBuilder b)
    {
        var value = b.Node("Sub", ["x", b.Uniform(0, 1, 1)]);
        value = b.Node("Mul", [value, b.Uniform(1, 0.5f, 1)]);
        value = b.Node("Add", [value, b.Uniform(0, 1, 1)]);
        value = b.Node("Relu", [value]);
        value = b.Node("Mul", [value, value]);
        value = b.Node("Sqrt", [value]);
        value = b.Node("Add", [value, "x"]);
        return b.Node("Abs", [value]);
    }

    /// <summary>Three convolutions as tf2onnx writes a network for images [n, h, w, c].</summary>
    private static string ChannelsLast(NetworkBuilder b)
    {
        var value = "x";
        for (var i = 0; i < 3; i++)
        {
            var image = b.Node("Transpose", [value], ("perm", ToFirst));
            var convolved = b.Node("Transpose", [b.Node("Conv", [image, b.Weights(64, 64, 64, 1, 1)])], ("perm", ToLast));
            value = b.Node("Add", [b.Node("Relu", [b.Node("Add", [convolved, b.Uniform(0, 1, 64)])]), value]);
        }
        return value;
    }

    /// <summary>A convolution with the product and the sum that a batch normalization was taken apart into.</summary>
    private static string NormalizedInParts(NetworkBuilder b)
    {
        var convolved = b.Node("Conv", ["x", b.Weights(64, 64, 64, 1, 1)]);
        return b.Node("Relu", [b.Node("Add", [b.Node("Mul", [convolved, b.Uniform(1, 0.5f, 64, 1, 1)]), b.Uniform(0, 1, 64, 1, 1)])]);
    }

    private static string DepthwiseInParts(NetworkBuilder b)
    {
        var convolved = b.Node("Conv", ["x", b.Weights(9, 64, 1, 3, 3)], ("group", 64L), ("pads", Ones));
        return b.Node("HardSwish", [b.Node("Add", [b.Node("Mul", [convolved, b.Uniform(1, 0.5f, 64, 1, 1)]), b.Uniform(0, 1, 64, 1, 1)])]);
    }

    /// <summary>Two layers whose results are scaled before what comes after them.</summary>
    private static string ScaledProjections(NetworkBuilder b)
    {
        var first = b.Node("Relu", [b.Node("Mul", [b.Node("Add", [b.Node("MatMul", ["x", b.Weights(384, 384, 384)]), b.Uniform(0, 1, 384)]), b.Uniform(0.125f, 0, 1)])]);
        return b.Node("Tanh", [b.Node("Div", [b.Node("MatMul", [first, b.Weights(384, 384, 384)]), b.Uniform(8, 0, 1)])]);
    }

    private static TensorValue Numbers(long[] shape)
    {
        var random = new Random(1);
        var tensor = new TensorValue(DataType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = (random.NextSingle() * 4) - 2;
        return tensor;
    }
}
