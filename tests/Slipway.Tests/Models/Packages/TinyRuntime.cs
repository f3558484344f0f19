using System.Globalization;
using Slipway.Core;
using Slipway.Models.Packages;

namespace Slipway.Tests.Models.Packages;

/// <summary>
/// A runtime that a reader can check by eye. Its files are text: <c>linear w1 w2 …</c> answers y = Σ wᵢ·xᵢ for each row of x FP32[-1,n];
/// <c>echo</c> answers its text input.
/// </summary>
internal sealed class TinyRuntime : IRuntime
{
    public static RuntimeCatalog Catalog { get; } = new(new TinyRuntime());

    public string Name => "tiny";

    public bool CanOpen(string fileName, ReadOnlySpan<byte> head) => head.StartsWith("linear "u8) || head.SequenceEqual("echo"u8);

    public ModelDescription Describe(string path)
    {
        using var model = Open(path, RuntimeOptions.Default);
        return new ModelDescription("tiny-text", Name, model.Signature, [], []);
    }

    public IModel Open(string path, RuntimeOptions options)
    {
        var words = File.ReadAllText(path).Split(' ');
        if (words is ["echo"]) return new Echo();
        try
        {
            return words is ["linear", .. var weights] ? new Linear([.. weights.Select(w => float.Parse(w, CultureInfo.InvariantCulture))]) : throw new ModelException($"{path}: not a tiny model");
        }
        catch (FormatException e)
        {
            throw new ModelException($"{path}: {e.Message}", e);
        }
    }

    private sealed class Linear(float[] weights) : IModel
    {
        public Signature Signature { get; } = new([new TensorSpec("x", ElementType.Float32, [-1, weights.Length])], [new TensorSpec("y", ElementType.Float32, [-1])]);

        public Batch Run(Batch inputs)
        {
            InputBinding.Require(Signature, inputs);
            var x = inputs["x"];
            var y = new Tensor("y", ElementType.Float32, x.Rows);
            for (var i = 0; i < x.Count; i++) y.Values<float>()[i / weights.Length] += weights[i % weights.Length] * x.Values<float>()[i];
            return new Batch(y);
        }

        public void Dispose()
        {
        }
    }

    private sealed class Echo : IModel
    {
        public Signature Signature { get; } = new([new TensorSpec("season", ElementType.Bytes, [-1])], [new TensorSpec("said", ElementType.Bytes, [-1])]);

        public Batch Run(Batch inputs)
        {
            InputBinding.Require(Signature, inputs);
            return new Batch(Tensor.OfText("said", [.. Enumerable.Range(0, inputs["season"].Count).Select(inputs["season"].GetText)]));
        }

        public void Dispose()
        {
        }
    }
}
