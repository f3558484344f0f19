using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Benchmarks.Onnx;

/// <summary>A model with the inputs to run it on.</summary>
/// <param name="File">The model's file, without its folder.</param>
/// <param name="Definition">What the file says; null when the file is there already.</param>
/// <param name="Inputs">By the number of rows.</param>
/// <param name="Rows">The numbers of rows to measure.</param>
/// <param name="Bar">How many times faster than the native runtime it must be with one row on one thread; 0 for no demand.</param>
internal sealed record NetworkCase(string Name, string File, Func<ModelDefinition>? Definition, Func<int, Batch> Inputs, int[] Rows, double Bar)
{
    private const double Tabular = 5;
    private const double Small = 1;
    private const double Large = 1 / 1.5;

    private static readonly int[] One = [1];
    private static readonly int[] OneAndMany = [1, 32];
    private static readonly int[] TokenCounts = [16, 128, 512];

    /// <param name="corpus">A folder of downloaded models, or "".</param>
    public static IEnumerable<NetworkCase> All(string corpus) =>
    [
        new("mlp 30-64-2", "mlp.onnx", TabularNetworks.Perceptron, Of(TabularNetworks.Features), OneAndMany, Tabular),
        new("logistic pipeline", "logistic.onnx", TabularNetworks.Logistic, Pipeline, OneAndMany, Tabular),
        new("trees 100 x 6", "trees.onnx", TabularNetworks.Trees, Of(TabularNetworks.Features), OneAndMany, Tabular),
        new("mnist cnn", "mnist.onnx", ImageNetworks.Mnist, Of(1, 28, 28), OneAndMany, Small),
        .. Downloaded("cnn_mnist_pytorch", corpus, One, Small, _ => new Batch(Uniform("0", 1, 1, 28, 28))),
        .. Downloaded("mnist_opt_wonnx", corpus, One, Small, _ => new Batch(Uniform("Input3", 1, 1, 28, 28))),
        new("squeezenet 1.1", "squeezenet.onnx", ImageNetworks.SqueezeNet, Of(3, 224, 224), OneAndMany, Large),
        new("mobilenet v3 small", "mobilenet.onnx", ImageNetworks.MobileNetV3Small, Of(3, 224, 224), OneAndMany, Large),
        new("resnet-50", "resnet.onnx", ImageNetworks.ResNet50, Of(3, 224, 224), OneAndMany, Large),
        new("densenet-121", "densenet.onnx", ImageNetworks.DenseNet121, Of(3, 224, 224), OneAndMany, 0),
        .. Downloaded("mobilenet_v3_pytorch", corpus, One, Large, _ => new Batch(Uniform("image", 1, 3, 244, 244))),
        .. Downloaded("silero_vad", corpus, OneAndMany, 0, Speech),
        new("lstm 128 x 50", "lstm.onnx", SequenceNetworks.Lstm, rows => new Batch(Uniform("x", SequenceNetworks.Steps, rows, SequenceNetworks.StepWidth)), OneAndMany, 0),
        .. TokenCounts.Select(tokens => new NetworkCase($"transformer {tokens}", "transformer.onnx", () => SequenceNetworks.Transformer(isQuantized: false), Of(tokens, SequenceNetworks.Width), OneAndMany, Large)),
        new("int8 resnet-50", "resnet-int8.onnx", QuantizedNetworks.ResNet50, Of(3, 224, 224), OneAndMany, 0),
        .. TokenCounts.Select(tokens => new NetworkCase($"int8 transformer {tokens}", "transformer-int8.onnx", () => SequenceNetworks.Transformer(isQuantized: true), Of(tokens, SequenceNetworks.Width), One, 0)),
    ];

    /// <summary>The model's path in the folder, where it is written unless it is there.</summary>
    public string WriteTo(string folder)
    {
        var path = Path.Combine(folder, File);
        if (Definition is null || System.IO.File.Exists(path)) return path;
        using var stream = System.IO.File.Create(path);
        OnnxWriter.Write(Definition(), stream);
        return path;
    }

    /// <summary>A tensor of numbers from -1 to 1.</summary>
    public static Tensor Uniform(string name, params ReadOnlySpan<long> shape)
    {
        var random = new Random(1);
        var tensor = new Tensor(name, ElementType.Float32, shape);
        foreach (ref var value in tensor.Values<float>()) value = (2 * random.NextSingle()) - 1;
        return tensor;
    }

    private static Func<int, Batch> Of(params long[] row) => rows => new Batch(Uniform("x", [rows, .. row]));

    private static Batch Pipeline(int rows)
    {
        var random = new Random(1);
        var batch = new Batch(Uniform("numbers", rows, TabularNetworks.Numbers));
        for (var i = 0; i < TabularNetworks.Categories.Length; i++)
        {
            var category = new Tensor($"category{i}", ElementType.Int64, rows, 1);
            foreach (ref var value in category.Values<long>()) value = random.Next(TabularNetworks.Categories[i]);
            batch.Add(category);
        }
        return batch;
    }

    /// <summary>Windows of 512 samples at 16 kHz, with the 64 before them.</summary>
    private static Batch Speech(int rows)
    {
        var rate = new Tensor("sr", ElementType.Int64);
        rate.Values<long>()[0] = 16_000;
        return new Batch(Uniform("input", rows, 576), Uniform("state", 2, rows, 128), rate);
    }

    private static IEnumerable<NetworkCase> Downloaded(string name, string corpus, int[] rows, double bar, Func<int, Batch> inputs)
    {
        if (corpus.Length == 0) yield break;
        foreach (var folder in new[] { corpus, Path.Combine(corpus, "open") })
        {
            var file = Path.GetFullPath(Path.Combine(folder, name, "model.onnx"));
            if (System.IO.File.Exists(file)) yield return new NetworkCase(name, file, null, inputs, rows, bar);
        }
    }
}
