using System.Buffers.Binary;
using System.Text;
using Slipway.Conformance.Models;
using Slipway.Core;
using Slipway.Models.Formats.XGBoost;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.XGBoost;

/// <summary>The forms that binary models had before 1.7, whose files the golden ones are, made of those.</summary>
public class XGBoostBinaryTests
{
    private const int Header = 4;
    private const int Parameters = 136;

    [Fact]
    public void A_file_reads_without_its_mark() => AssertPredicts("squared-error", Golden("squared-error")[Header..]);

    [Fact]
    public void Parameters_padded_to_eight_bytes_are_read()
    {
        var file = Golden("squared-error")[Header..];
        AssertPredicts("squared-error", [.. file[..Parameters], 0, 0, 0, 0, .. file[Parameters..]]);
    }

    [Fact]
    public void Before_1_0_the_base_score_is_a_margin_and_attributes_may_be_missing()
    {
        var file = WithoutAttributes(Golden("binary-logitraw"));
        AssertPredicts("binary-logitraw", Old(file, 0.2f));
        file = WithoutAttributes(Golden("poisson"));
        AssertPredicts("poisson", Old(file, MathF.Log(1.7f)));
        AssertPredicts("poisson", [.. Old(file, MathF.Log(1.7f)), .. Text("0.7")]);
        Assert.Contains(XGBoostImport.Import(XGBoostBinaryReader.Read(Old(file, 1))).Facts, f => f is { Key: "library", Value: "xgboost before 1.0" });
    }

    [Fact]
    public void Names_of_metrics_before_1_0_are_passed_over()
    {
        var file = Old(WithoutAttributes(Golden("squared-error")), 0.5f);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(Header + 16), 1);
        AssertPredicts("squared-error", [.. file, .. Length(2), .. Text("rmse"), .. Text("mae")]);
        Assert.Contains("metrics announced", Refusal([.. file, .. Length(2), .. Text("rmse")]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_prediction_buffer_of_0_4_is_passed_over()
    {
        var file = Old(WithoutAttributes(Golden("squared-error")), 0.5f);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(Header + 12), 1);
        var booster = BoosterParameters(file);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(booster + 16), 7);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(booster + 24), 1);
        AssertPredicts("squared-error", [.. file, .. new byte[7 * 8]]);
        Assert.Contains("the prediction buffer", Refusal([.. file, .. new byte[(7 * 8) - 1]]), StringComparison.Ordinal);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(booster + 16), long.MaxValue);
        Assert.Contains("a prediction buffer", Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_linear_model_of_0_4_that_says_it_has_a_buffer_has_none()
    {
        var file = Old(WithoutAttributes(Golden("linear")), 0.5f);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(Header + 12), 1);
        AssertPredicts("linear", file);
    }

    [Fact]
    public void A_big_endian_file_is_refused_with_what_to_do()
    {
        var file = Golden("squared-error");
        var names = Header + Parameters;
        file.AsSpan(names, 8).Reverse();
        file.AsSpan(names + 8 + "reg:squarederror".Length, 8).Reverse();
        Assert.True(new XGBoostBinaryFormat().Matches("model.bin", file));
        Assert.Contains("save it as JSON or UBJSON there", Refusal(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2, "the tree has 2 roots")]
    [InlineData(4, 0, "the tree has 0 nodes")]
    [InlineData(4, 1 << 30, "the file ends in the nodes of the tree")]
    [InlineData(20, 3, "leaves of 3 values")]
    public void A_false_parameter_of_a_tree_is_refused_with_its_place(int offset, int value, string expected)
    {
        var file = Golden("squared-error");
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(BoosterParameters(file) + 160 + offset), value);
        Assert.StartsWith("tree 0: byte ", Refusal(file), StringComparison.Ordinal);
        Assert.Contains(expected, Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void What_follows_a_model_is_refused() => Assert.EndsWith("1 bytes follow the end of the model", Refusal([.. Golden("squared-error"), 0]), StringComparison.Ordinal);

    [Fact]
    public void The_objectives_parameters_come_from_its_attribute()
    {
        var document = XGBoostBinaryReader.Read(Golden("poisson"));
        Assert.Equal([1, 7], document.Version);
        Assert.Contains("max_delta_step", document.ObjectiveParameters.Keys);
        Assert.DoesNotContain("objective", document.Attributes.Keys);
        document = XGBoostBinaryReader.Read(Golden("early-stopping"));
        Assert.Contains("best_iteration", document.Attributes.Keys);
    }

    [Fact]
    public void Binary_and_JSON_of_one_model_make_the_same_trees()
    {
        var binary = TreesRuntime.Read(GoldenFiles.PathOf("random-forest.model")).Trees!;
        var json = TreesRuntime.Read(GoldenFiles.PathOf("random-forest.json")).Trees!;
        Assert.Equal(json.Features, binary.Features);
        Assert.Equal(json.Thresholds, binary.Thresholds);
        Assert.Equal(json.LeftChildren, binary.LeftChildren);
        Assert.Equal(json.DefaultLeft, binary.DefaultLeft);
        Assert.Equal(json.TreeOutputs, binary.TreeOutputs);
        Assert.Equal(json.BaseMargins, binary.BaseMargins);
        Assert.Equal(json.Covers, binary.Covers);
        Assert.Equal(json.Gains, binary.Gains);
    }

    [Fact]
    public void Other_files_are_not_taken_for_binary_models()
    {
        var format = new XGBoostBinaryFormat();
        var random = new Random(7);
        var noise = new byte[4096];
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(noise);
            Assert.False(format.Matches("model.bin", noise.AsSpan(0, random.Next(noise.Length))));
        }
        Assert.False(format.Matches("model.bin", []));
        Assert.False(format.Matches("model.bin", "binf"u8));
        Assert.False(format.Matches("model.bin", new byte[4096]));
        Assert.True(format.Matches("anything", Golden("dart").AsSpan(0, 200)));
    }

    private static byte[] Golden(string model) => File.ReadAllBytes(GoldenFiles.PathOf(model + ".model"));

    private static void AssertPredicts(string model, byte[] file)
    {
        using var expected = GoldenFiles.Expected(model);
        using var inputs = GoldenFiles.Inputs(model);
        using var opened = TreesModel.Compile(new XGBoostBinaryFormat().Read(file), RuntimeOptions.Default);
        using var outputs = opened.Run(inputs);
        Assert.Null(TensorComparison.Difference(expected, outputs[0]));
    }

    private static string Refusal(byte[] file) => Assert.Throws<ModelException>(() => new XGBoostBinaryFormat().Read(file)).Message;

    /// <summary>The first attribute of these files is their last round; before its name stand its length and the number of attributes.</summary>
    private static byte[] WithoutAttributes(byte[] file)
    {
        var cut = file[..(file.AsSpan().LastIndexOf("best_iteration"u8) - 16)];
        BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(Header + 12), 0);
        return cut;
    }

    /// <summary>Without a version, and with a margin to start from.</summary>
    private static byte[] Old(byte[] file, float margin)
    {
        var old = file.AsSpan().ToArray();
        BinaryPrimitives.WriteSingleLittleEndian(old.AsSpan(Header), margin);
        old.AsSpan(Header + 20, 12).Clear();
        return old;
    }

    private static int BoosterParameters(ReadOnlySpan<byte> file)
    {
        var objective = BinaryPrimitives.ReadInt32LittleEndian(file[(Header + Parameters)..]);
        var booster = BinaryPrimitives.ReadInt32LittleEndian(file[(Header + Parameters + 8 + objective)..]);
        return Header + Parameters + 8 + objective + 8 + booster;
    }

    private static byte[] Length(long length) => BitConverter.GetBytes(length);

    private static byte[] Text(string text) => [.. Length(text.Length), .. Encoding.ASCII.GetBytes(text)];
}
