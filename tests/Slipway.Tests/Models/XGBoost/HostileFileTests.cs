using Slipway.Core;
using Slipway.Models.Formats.XGBoost;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Kernels;

namespace Slipway.Tests.Models.XGBoost;

/// <summary>Every byte of a model file is hostile: a clear error or a model that runs, in bounded memory.</summary>
public class HostileFileTests
{
    /// <summary>What the formats are written with.</summary>
    private const string Alphabet = "0123456789-eE.[]{},:\"SLlUidDZTFN#";

    /// <summary>Per case; the golden models are up to 26 KB. Names for generated columns are the most that a damaged count can ask for.</summary>
    private const long MaxBytes = 24 << 20;

    /// <summary>Per model: four thousand and more for each format.</summary>
    private const int Mutations = 1000;

    public static TheoryData<string> Models => ["squared-error.json", "squared-error.ubj", "softprob.ubj", "categorical-partition.json", "categorical-partition.ubj", "dart.json", "dart.ubj", "linear.json", "linear.ubj", "squared-error.model", "softprob.model", "dart.model", "linear.model"];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_file_cut_at_any_percent_is_refused(string model)
    {
        var bytes = File.ReadAllBytes(GoldenFiles.PathOf(model));
        for (var percent = 0; percent < 100; percent++)
        {
            var cut = bytes.AsSpan(0, bytes.Length * percent / 100).ToArray();
            Assert.NotNull(ReadWithin(model, cut));
        }
        Assert.NotNull(ReadWithin(model, bytes[..^1]));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_damaged_file_is_refused_or_runs(string model)
    {
        var bytes = File.ReadAllBytes(GoldenFiles.PathOf(model));
        var random = new Random(model.Length);
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            if (ReadWithin(model, DamagedBytes.Of(Alphabet, bytes, random)) is not null) refused++;
        }
        Assert.InRange(refused, 1, Mutations);
    }

    [Theory]
    [InlineData("{\"learner\":{\"attributes\":{\"a\":", 200_000, "[")]
    [InlineData("{\"learner\":", 200_000, "{\"learner\":")]
    [InlineData("{\"learner\":{\"x\":", 100, "[")]
    public void Deep_nesting_in_JSON_is_refused(string start, int times, string nested) =>
        Assert.NotNull(ReadWithin("deep.json", System.Text.Encoding.UTF8.GetBytes(start + string.Concat(Enumerable.Repeat(nested, times)))));

    [Fact]
    public void Deep_nesting_in_UBJ_is_refused()
    {
        byte[] start = [(byte)'{', .. Name("learner"), (byte)'{', .. Name("x")];
        foreach (var nested in new byte[][] { "["u8.ToArray(), [(byte)'{', .. Name("a")], "[#i\u0001"u8.ToArray() })
        {
            byte[] file = [.. start, .. Enumerable.Repeat(nested, 100_000).SelectMany(b => b)];
            Assert.Contains("nested", ReadWithin("deep.ubj", file)!.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[$d#L\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007f")]
    [InlineData("[$d#l\u007f\u007f\u007f\u007f")]
    [InlineData("[$Z#l\u007f\u007f\u007f\u007f")]
    [InlineData("[$T#l\u007f\u007f\u007f\u007f")]
    [InlineData("[$[#i\u0005")]
    [InlineData("[#l\u007f\u007f\u007f\u007f")]
    [InlineData("[$d")]
    [InlineData("[$di")]
    [InlineData("[#Si\u0001a")]
    [InlineData("SL\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007f")]
    [InlineData("{$i#l\u007f\u007f\u007f\u007f")]
    public void Announced_sizes_are_not_believed(string value)
    {
        foreach (var name in new[] { "anything", "feature_names", "gradient_booster" })
        {
            byte[] file = [(byte)'{', .. Name("learner"), (byte)'{', .. Name(name), .. value.Select(c => (byte)c)];
            Assert.NotNull(ReadWithin("sizes.ubj", file));
        }
    }

    [Theory]
    [InlineData("num_feature", "2000000000")]
    [InlineData("num_feature", "99999999999999999999")]
    [InlineData("num_feature", "-5")]
    [InlineData("num_feature", "0")]
    [InlineData("num_class", "2000000000")]
    [InlineData("num_target", "2000000000")]
    [InlineData("base_score", "[1,2,3]")]
    [InlineData("base_score", "half")]
    [InlineData("num_feature", "2")]
    public void A_false_parameter_is_refused_with_its_name(string parameter, string value)
    {
        var text = File.ReadAllText(GoldenFiles.PathOf("squared-error.json"));
        var start = text.IndexOf("\"learner_model_param\"", StringComparison.Ordinal);
        var at = text.IndexOf($"\"{parameter}\":\"", start, StringComparison.Ordinal) + parameter.Length + 4;
        var changed = text[..at] + value + text[text.IndexOf('"', at)..];
        var error = ReadWithin("parameter.json", System.Text.Encoding.UTF8.GetBytes(changed));
        Assert.NotNull(error);
        Assert.Contains(parameter == "num_feature" && value == "2" ? "feature" : "learner_model_param", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vector_leaf_size_without_values_allocates_nothing()
    {
        var text = File.ReadAllText(GoldenFiles.PathOf("squared-error.json"))
            .Replace("\"size_leaf_vector\":\"1\"", "\"size_leaf_vector\":\"1000000000\"", StringComparison.Ordinal)
            .Replace("\"size_leaf_vector\":\"0\"", "\"size_leaf_vector\":\"1000000000\"", StringComparison.Ordinal)
            .Replace("\"num_target\":\"1\"", "\"num_target\":\"1000000000\"", StringComparison.Ordinal);
        Assert.NotNull(ReadWithin("leaf.json", System.Text.Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void The_error_of_a_file_names_the_file_and_the_place()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-xgboost-");
        try
        {
            var path = Path.Combine(folder.FullName, "broken.json");
            File.WriteAllText(path, File.ReadAllText(GoldenFiles.PathOf("squared-error.json")).Replace("\"left_children\":[1,", "\"left_children\":[77,", StringComparison.Ordinal));
            var error = Assert.Throws<ModelException>(() => new TreesRuntime().Open(path, RuntimeOptions.Default));
            Assert.Equal("broken.json: tree 0, node 0: the left child 77 does not exist (the tree has 13 nodes)", error.Message);
            File.WriteAllText(path, "{\"learner\":{\"gradient_booster\":{\"model\":{\"trees\":[{\"left_children\":[1,\"x\"]}]}}}}");
            Assert.Equal("broken.json: tree 0: byte 70: a 32-bit integer expected, String found", Assert.Throws<ModelException>(() => new TreesRuntime().Open(path, RuntimeOptions.Default)).Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Reads and runs; the error when it is refused. Anything but a ModelException, and too much memory, fails the test.</summary>
    private static ModelException? ReadWithin(string name, byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ModelException? refusal = null;
        try
        {
            ITreeFormat format = Path.GetExtension(name) switch { ".ubj" => XGBoostFormat.Ubj, ".model" => new XGBoostBinaryFormat(), _ => XGBoostFormat.Json };
            var definition = format.Read(file);
            if (definition.Unsupported.IsEmpty) Score(definition);
        }
        catch (ModelException e)
        {
            refusal = e;
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytes + (32L * file.Length));
        return refusal;
    }

    private static void Score(TreeModelDefinition definition)
    {
        var features = (int)definition.Signature.Inputs[0].Shape[1];
        if (features > 1000) return;
        var kernel = KernelSelection.For<float>(definition, KernelKind.Automatic);
        const int Rows = 10;
        var margins = new float[Rows * kernel.Outputs];
        kernel.Score(Trees.RandomForests.Rows(1, Rows, features), margins);
        MarginTransforms.Apply<float>(definition.Transform, margins, kernel.Outputs);
    }

    private static byte[] Name(string name) => [(byte)'i', (byte)name.Length, .. System.Text.Encoding.ASCII.GetBytes(name)];
}
