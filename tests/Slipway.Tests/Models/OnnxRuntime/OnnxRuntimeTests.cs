using Slipway.Core;
using Slipway.Models.OnnxRuntime;

namespace Slipway.Tests.Models.OnnxRuntime;

public sealed class OnnxRuntimeTests
{
    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Models", "OnnxRuntime", "fixtures", name + ".onnx");

    private static IModel Open(string name, int threads = 1)
    {
        RequireLibrary();
        return new OnnxRuntimeRuntime().Open(Fixture(name), new RuntimeOptions(threads));
    }

    private static void RequireLibrary()
    {
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip("the native onnxruntime is absent: npm ci --ignore-scripts in native/ brings it");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Linear_model_answers_any_number_of_rows(int threads)
    {
        using var model = Open("linear", threads);
        Assert.Equal([-1, 4], model.Signature.Inputs.Single().Shape);
        float[] row = [0.5f, -1f, 2f, 0.25f];
        using var one = new Batch(Tensor.Of("x", row, 1, 4));
        using var answer = model.Run(one);
        var rows = Enumerable.Repeat(row, 5).SelectMany(r => r).ToArray();
        using var five = new Batch(Tensor.Of("x", rows.AsSpan(), 5, 4));
        using var answers = model.Run(five);
        Assert.Equal([5, 2], answers["y"].Shape.ToArray());
        for (var r = 0; r < 5; r++) Assert.Equal(answer["y"].Values<float>().ToArray(), answers["y"].Values<float>().Slice(r * 2, 2).ToArray());
    }

    [Fact]
    public void Label_to_score_maps_become_a_matrix()
    {
        using var model = Open("zipmap");
        using var inputs = new Batch(Tensor.Of("x", [1f, 2f, -3f, 0.5f, 0f, 0f], 3, 2));
        using var outputs = model.Run(inputs);
        Assert.Equal([3, 3], outputs["probabilities"].Shape.ToArray());
        var scores = outputs["probabilities"].Values<float>().ToArray();
        for (var r = 0; r < 3; r++) Assert.Equal(1f, scores.AsSpan(r * 3, 3).ToArray().Sum(), 5);
        long[] labels = [10, 20, 30];
        for (var r = 0; r < 3; r++)
        {
            var row = scores.AsSpan(r * 3, 3);
            Assert.Equal(outputs["label"].Values<long>()[r], labels[row.IndexOf(row.ToArray().Max())]);
        }
    }

    [Fact]
    public void Describe_names_the_producer_and_the_library()
    {
        RequireLibrary();
        var description = new OnnxRuntimeRuntime().Describe(Fixture("linear"));
        Assert.Equal("onnx", description.Format);
        Assert.Contains(new("producer", "slipway-tests"), description.Facts);
        Assert.Empty(description.Unsupported);
    }

    [Fact]
    public void Truncated_model_is_a_model_error_at_every_length()
    {
        RequireLibrary();
        var bytes = File.ReadAllBytes(Fixture("linear"));
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            for (var percent = 0; percent < 100; percent++)
            {
                var path = Path.Combine(folder.FullName, $"{percent}.onnx");
                File.WriteAllBytes(path, bytes.AsSpan(0, bytes.Length * percent / 100).ToArray());
                Assert.Throws<ModelException>(() => new OnnxRuntimeRuntime().Open(path, RuntimeOptions.Default));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Wrong_input_is_a_record_error_that_names_it()
    {
        using var model = Open("linear");
        using var wrongType = new Batch(Tensor.Of("x", [1.0, 2, 3, 4], 1, 4));
        Assert.Contains("'x' is FP64", Assert.Throws<RecordException>(() => model.Run(wrongType)).Message);
        using var wrongShape = new Batch(Tensor.Of("x", [1f, 2], 1, 2));
        Assert.Contains("'x' has shape [1,2]", Assert.Throws<RecordException>(() => model.Run(wrongShape)).Message);
        using var absent = new Batch(Tensor.Of("z", [1f, 2], 1, 2));
        Assert.Contains("'x' is absent", Assert.Throws<RecordException>(() => model.Run(absent)).Message);
    }
}
