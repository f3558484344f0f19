using Slipway.Conformance.Onnx;
using Slipway.Conformance.Pmml;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Message = Slipway.Tests.Models.OnnxMl.OnnxWriter;

namespace Slipway.Tests.Conformance;

/// <summary>The suites of ONNX models, over folders that are made here.</summary>
public sealed class OnnxSuiteTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-onnx-suite-");
    private readonly List<string> _lines = ["id\tlocal\texpected"];

    [Fact]
    public void Answers_are_judged_by_type_shape_and_element()
    {
        Case("right", "Neg", "", [1, -2], Message.Tensor("y", 1, [-1, 2.001]));
        Case("elements", "Neg", "", [1, -2], Message.Tensor("y", 1, [-1, 3]));
        Case("shape", "Neg", "", [1, -2], Message.Tensor("y", 1, [-1, 2, 3]));
        Case("type", "Neg", "", [1, -2], Message.Tensor("y", 11, [-1, 2]));
        Case("unknown", "Nothing", "", [1], Message.Tensor("y", 1, [1]));

        var (code, output) = Run("onnx-backend");

        Assert.Equal(1, code);
        Assert.Contains("FAILED elements: output 'y' float[2]: 1 of 2 elements differ, the worst is element 1: 2, 3 was expected", output, StringComparison.Ordinal);
        Assert.Contains("FAILED shape: output 'y' is float[2], float[3] was expected", output, StringComparison.Ordinal);
        Assert.Contains("FAILED type: output 'y' is float[2], double[2] was expected", output, StringComparison.Ordinal);
        Assert.Contains("FAILED unknown: ", output, StringComparison.Ordinal);
        Assert.Contains("     1  not opened: Nothing", output, StringComparison.Ordinal);
        Assert.EndsWith("1 passed, 4 failed, 0 skipped", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_training_and_previews_are_skipped_each_by_its_domain()
    {
        Case("preview", "Adam", "ai.onnx.preview.training", [1], Message.Tensor("y", 1, [1]));
        Case("other", "Adam", "ai.onnx.contrib", [1], Message.Tensor("y", 1, [1]));

        var (code, output) = Run("onnx-backend");

        Assert.Equal(1, code);
        Assert.Contains("     1  domain ai.onnx.preview.training", output, StringComparison.Ordinal);
        Assert.EndsWith("0 passed, 1 failed, 1 skipped", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_models_without_expectation_are_run_and_skipped()
    {
        Case("bare", "Neg", "", [1, 2], null);
        Case("judged", "Neg", "", [1, 2], Message.Tensor("y", 1, [-1, -2]));

        var (code, output) = Run("onnx-nets");

        Assert.Equal(0, code);
        Assert.Contains("no expectation: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("not opened", output.Replace("onnxruntime: not opened", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith("1 passed, 0 failed, 1 skipped", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_runtime_and_paths_out_of_the_suite_are_refused()
    {
        Case("right", "Neg", "", [1], Message.Tensor("y", 1, [-1]));
        Assert.Equal(2, Run("onnx-backend", "--runtime", "other").Code);
        _lines.Add("x\topen/../../etc\t");
        Assert.Equal(2, Run("onnx-backend").Code);
    }

    [Fact]
    public void A_run_that_hangs_is_a_failure_of_its_own()
    {
        using var released = new ManualResetEventSlim();
        Assert.Throws<TimeoutException>(() => TimeLimit.Run(TimeSpan.FromMilliseconds(20), cancellation =>
        {
            released.Wait(cancellation);
            return 0;
        }));
        Assert.Equal(7, TimeLimit.Run(TimeSpan.FromMinutes(5), _ => 7));
        Assert.Throws<FormatException>(() => TimeLimit.Run<int>(TimeSpan.FromMinutes(5), _ => throw new FormatException()));
    }

    [Fact]
    public void Random_outputs_are_told_by_the_operators_and_by_what_switches_them_on()
    {
        Assert.True(Traits("Bernoulli").IsRandom(new Dictionary<string, Value>()));
        Assert.False(Traits("Dropout", "x").IsRandom(new Dictionary<string, Value>()));
        foreach (var (training, ratio, random) in new[] { (1, 0.5, true), (0, 0.5, false), (1, 0, false) })
        {
            var (mode, rate) = (new TensorValue(DataType.Bool, []), new TensorValue(DataType.Float32, []));
            mode.Bytes[0] = (byte)training;
            rate.Values<float>()[0] = (float)ratio;
            Assert.Equal(random, Traits("Dropout", "x", "ratio", "training").IsRandom(new Dictionary<string, Value> { ["training"] = mode, ["ratio"] = rate }));
        }

        static ModelTraits Traits(string op, params string[] inputs) => new(OnnxReader.Read(Message.Model(Message.Graph([Message.Node(op, inputs, ["y"])], [], []), 1), "m", null));
    }

    // the greatest numbers, the least above zero and the special ones of the formats' own tables
    [Theory]
    [InlineData(17, 0x7E, 448)]
    [InlineData(17, 0x01, 0.001953125)]
    [InlineData(17, 0x7F, double.NaN)]
    [InlineData(18, 0x7F, 240)]
    [InlineData(18, 0x80, double.NaN)]
    [InlineData(19, 0x7B, 57344)]
    [InlineData(19, 0xFC, double.NegativeInfinity)]
    [InlineData(20, 0x7F, 57344)]
    [InlineData(20, 0x01, 7.62939453125e-06)]
    [InlineData(22, 0xFF, -1)]
    [InlineData(23, 0x0F, -6)]
    [InlineData(23, 0x01, 0.5)]
    [InlineData(24, 0x80, 2)]
    [InlineData(24, 0xFF, double.NaN)]
    public void Elements_of_few_bits_are_the_numbers_of_their_formats(int type, int bits, double number) =>
        Assert.Equal(number, ElementNumbers.Of(TensorValue.Of<byte>((DataType)type, [(byte)bits], 1))[0]);

    [Fact]
    public void Differences_are_measured_by_the_tolerance()
    {
        Assert.Null(Compare([1, double.NaN, double.PositiveInfinity, 0], [1.0009, double.NaN, double.PositiveInfinity, 1e-8]));
        Assert.NotNull(Compare([1], [1.0011]));
        Assert.NotNull(Compare([double.NaN], [1]));
        Assert.NotNull(Compare([1], [double.NaN]));
        Assert.NotNull(Compare([double.PositiveInfinity], [double.NegativeInfinity]));
        Assert.NotNull(Compare([0], [2e-7]));

        static Difference? Compare(double[] expected, double[] actual) =>
            new ValueComparison(Tolerance.Standard).Of("y", TensorValue.Of<double>(DataType.Float64, expected, expected.Length), TensorValue.Of<double>(DataType.Float64, actual, actual.Length));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Case(string id, string op, string domain, double[] input, byte[]? output)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, id)).FullName;
        byte[] node = [.. Message.Node(op, ["x"], ["y"]), .. new Message().Text(7, domain).ToArray()];
        var set = new Message().Text(1, domain).Varint(2, domain.Length == 0 ? 13 : 1).ToArray();
        var graph = Message.Graph([node], [Message.Value("x", 1, input.Length)], [Message.Value("y", 1, input.Length)]);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), new Message().Varint(1, 8).Bytes(7, graph).Bytes(8, set).ToArray());
        if (output is not null)
        {
            var data = Directory.CreateDirectory(Path.Combine(folder, "test_data_set_0")).FullName;
            File.WriteAllBytes(Path.Combine(data, "input_0.pb"), Message.Tensor("x", 1, input));
            File.WriteAllBytes(Path.Combine(data, "output_0.pb"), output);
        }
        _lines.Add($"{id}\topen/{id}\t");
    }

    private (int Code, string Output) Run(string suite, params string[] options)
    {
        File.WriteAllLines(Path.Combine(_folder.FullName, "manifest.tsv"), _lines);
        using var output = new StringWriter();
        var code = global::Slipway.Conformance.Program.Run([suite, _folder.FullName, .. options], output, TextWriter.Null, PmmlEngine.Open);
        return (code, output.ToString());
    }
}
