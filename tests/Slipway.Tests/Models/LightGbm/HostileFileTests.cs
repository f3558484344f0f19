using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.LightGbm;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.LightGbm;

/// <summary>Every byte of a model file is hostile: a clear error or a model that runs, in bounded memory.</summary>
public class HostileFileTests
{
    /// <summary>Per case; the models are up to 20 KB.</summary>
    private const long MaxBytes = 8 << 20;

    /// <summary>Per model: three thousand for each format.</summary>
    private const int Mutations = 1000;

    private static readonly string[] Texts =
    [
        RandomModels.Make(4).ToString(),
        RandomModels.Make(11).ToString(),
        Categories().ToString(),
    ];

    public static TheoryData<int, bool> Models => new(Enumerable.Range(0, Texts.Length).SelectMany(i => new[] { (i, false), (i, true) }));

    [Theory]
    [MemberData(nameof(Models))]
    public void A_file_cut_at_any_percent_is_refused(int model, bool json)
    {
        var file = File(model, json);
        var whole = json ? file.Length : End("end of trees");
        for (var percent = 0; percent < 100; percent++)
        {
            var cut = file.AsSpan(0, (int)((long)file.Length * percent / 100)).ToArray();
            var refusal = ReadWithin(cut, json);
            // What follows the trees need not be there, but is whole.
            if (cut.Length < whole || (cut.Length >= End("parameters:") && cut.Length < End("end of parameters"))) Assert.NotNull(refusal);
        }
        Assert.NotNull(ReadWithin(file[..(whole - 1)], json));

        int End(string line) => Encoding.UTF8.GetString(file).IndexOf("\n" + line, StringComparison.Ordinal) is > 0 and var at ? at + 1 + line.Length : int.MaxValue;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_damaged_file_is_refused_or_runs(int model, bool json)
    {
        var file = File(model, json);
        var random = new Random(model);
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            if (ReadWithin(Damage(file, random), json) is not null) refused++;
        }
        Assert.InRange(refused, 1, Mutations);
    }

    [Theory]
    [InlineData("pandas_categorical:[[\"a\", \"b\"], [\"c\"")]
    [InlineData("pandas_categorical:")]
    [InlineData("pandas_categ")]
    [InlineData("p")]
    public void A_file_that_ends_in_its_categories_is_refused(string last)
    {
        var text = Categories().ToString();
        var cut = text[..text.IndexOf("pandas_categorical", StringComparison.Ordinal)] + last;
        Assert.NotNull(ReadWithin(Encoding.UTF8.GetBytes(cut), json: false));
    }

    [Theory]
    [InlineData("num_class=three")]
    [InlineData("num_tree_per_iteration=2000000000")]
    [InlineData("num_tree_per_iteration=-1")]
    [InlineData("num_tree_per_iteration=0\nnum_class=0")]
    [InlineData("max_feature_idx=2000000000")]
    [InlineData("max_feature_idx=0")]
    [InlineData("feature_names=a b c")]
    [InlineData("feature_names=")]
    [InlineData("feature_infos=[0:1]")]
    [InlineData("feature_infos=[0:x] [0:1]")]
    [InlineData("tree_sizes=1 2 3 4 5")]
    [InlineData("tree_sizes=")]
    [InlineData("version=")]
    public void A_false_header_is_refused(string line)
    {
        var model = new ModelText { Names = ["a", "b"] }.Stump(1, 2).Stump(3, 4).ToString();
        var at = model.IndexOf("\n\nTree=0", StringComparison.Ordinal);
        Assert.NotNull(ReadWithin(Encoding.UTF8.GetBytes($"{model[..at]}\n{line}{model[at..]}"), json: false));
    }

    [Theory]
    [InlineData("num_leaves=2000000000", "tree 0: leaf_value has 2 values, 2000000000 expected")]
    [InlineData("num_leaves=0", "tree 0: num_leaves is 0")]
    [InlineData("num_leaves=3", "tree 0: leaf_value has 2 values, 3 expected")]
    [InlineData("num_leaves=two", "num_leaves: 'two' is not a 32-bit integer")]
    [InlineData("split_feature=7", "tree 0: split 0 is on feature 7, but there are 1 features")]
    [InlineData("split_feature=-1", "tree 0: split 0 is on feature -1, but there are 1 features")]
    [InlineData("left_child=1", "tree 0: the left child of split 0 is 1, but there are 1 splits and 2 leaves")]
    [InlineData("left_child=0", "tree 0, node 0: the left child 0 is reached twice: not a tree")]
    [InlineData("right_child=-1", "tree 0, node 0: the right child 1 is reached twice: not a tree")]
    [InlineData("right_child=-2147483648", "tree 0: the right child of split 0 is -2147483648, but there are 1 splits and 2 leaves")]
    [InlineData("threshold=nan", "tree 0, node 0: the threshold is not a number")]
    [InlineData("threshold=1 2", "tree 0: threshold has 2 values, 1 expected")]
    [InlineData("threshold=1,5", "threshold: '1,5' is not a number")]
    [InlineData("decision_type=12", "tree 0: split 0 has decision_type 12")]
    [InlineData("decision_type=9", "tree 0: split 0 is by category set 0.5, but there are 0 sets")]
    [InlineData("decision_type=9\ncat_boundaries=0 60000000\ncat_threshold=1", "cat_threshold: there are fewer than the 60000000 words that cat_boundaries announce")]
    [InlineData("decision_type=9\ncat_boundaries=0 -5\ncat_threshold=1", "cat_threshold: cat_boundaries go from 0 to -5")]
    [InlineData("decision_type=9\ncat_boundaries=0 1\ncat_threshold=1 2", "cat_threshold: there are more words than cat_boundaries announce")]
    [InlineData("decision_type=9\ncat_boundaries=0 1\ncat_threshold=4294967296", "cat_threshold: '4294967296' is not a number")]
    [InlineData("is_linear=1", "tree 0: leaf_const has 0 values, 2 expected")]
    [InlineData("is_linear=1\nleaf_const=1 2\nnum_features=1 1\nleaf_features=0\nleaf_coeff=1", "tree 0: leaf 1 has 1 terms, but 0 are left")]
    [InlineData("is_linear=1\nleaf_const=1 2\nnum_features=1 -1\nleaf_features=0\nleaf_coeff=1", "tree 0: leaf 1 has -1 terms, but 0 are left")]
    [InlineData("is_linear=1\nleaf_const=1 2\nnum_features=1 0\nleaf_features=4\nleaf_coeff=1", "tree 0: leaf 0 has a term of feature 4, but there are 1 features")]
    public void A_false_tree_is_refused_with_its_place(string lines, string message)
    {
        // Of lists that are given twice, both count: the first is taken out.
        var text = new ModelText().Stump(1, 2).ToString();
        var key = lines[..(lines.IndexOf('=', StringComparison.Ordinal) + 1)];
        var at = text.IndexOf("\n" + key, StringComparison.Ordinal) + 1;
        var changed = text[..at] + lines + text[text.IndexOf('\n', at)..];
        Assert.Equal($"line 12: {message}", ReadWithin(Encoding.UTF8.GetBytes(changed), json: false)?.Message);
    }

    [Theory]
    [InlineData("{\"name\":\"tree\",\"version\":\"v4\"}", "there is no tree_info")]
    [InlineData("\"num_leaves\":2000000000", "num_leaves before tree_structure is 2000000000")]
    [InlineData("\"num_leaves\":3", "there are 1 splits and 2 leaves, but num_leaves is 3")]
    [InlineData("\"split_index\":1", "split_index 1 is given twice, or is none of 1 splits")]
    [InlineData("\"split_feature\":-3", "split 0 has no split_feature")]
    [InlineData("\"leaf_index\":5", "leaf_index 5 is given twice, or is none of 2 leaves")]
    [InlineData("\"leaf_index\":1", "leaf_index 1 is given twice, or is none of 2 leaves")]
    [InlineData("\"threshold\":true", "a number or categories expected, True found")]
    [InlineData("\"threshold\":\"1||x\"", "'x' is not a 32-bit integer")]
    [InlineData("\"threshold\":\"-1\"", "category -1 is outside")]
    [InlineData("\"missing_type\":\"Some\"", "None, Zero or NaN expected")]
    [InlineData("\"num_class\":\"1\"", "a 32-bit integer expected, String found")]
    [InlineData("\"feature_names\":3", "an array of names expected, Number found")]
    [InlineData("\"pandas_categorical\":[[[]]]", "a text, a number or a boolean expected, StartArray found")]
    public void A_false_dump_is_refused_with_its_fault(string change, string message)
    {
        var json = Encoding.UTF8.GetString(JsonDump.Of(new ModelText { PandasCategories = "[]" }.Stump(1, 2).ToString()));
        if (change[0] == '{')
        {
            json = change;
        }
        else
        {
            var at = json.IndexOf(change[..(change.IndexOf(':', StringComparison.Ordinal) + 1)], StringComparison.Ordinal);
            var value = json.IndexOf(':', at) + 1;
            var end = json[value] == '[' ? json.IndexOf(']', value) + 1 : json.IndexOfAny([',', '}'], value);
            json = json[..at] + change + json[end..];
        }
        Assert.Contains(message, ReadWithin(Encoding.UTF8.GetBytes(json), json: true)?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_nested_twenty_thousand_deep_is_read()
    {
        const int Splits = 20_000;
        var json = new StringBuilder("{\"version\":\"v4\",\"num_class\":1,\"num_tree_per_iteration\":1,\"max_feature_idx\":0,\"feature_names\":[\"x\"],\"tree_info\":[{\"num_leaves\":20001,\"tree_structure\":");
        for (var split = 0; split < Splits; split++)
        {
            json.Append(System.Globalization.CultureInfo.InvariantCulture, $"{{\"split_index\":{split},\"split_feature\":0,\"threshold\":{split},\"decision_type\":\"<=\",\"default_left\":true,\"missing_type\":\"None\",\"left_child\":{{\"leaf_index\":{split},\"leaf_value\":{split}}},\"right_child\":");
        }
        json.Append(System.Globalization.CultureInfo.InvariantCulture, $"{{\"leaf_index\":{Splits},\"leaf_value\":{Splits}}}").Append('}', Splits).Append("}]}");
        var definition = LightGbmFormat.Json.Read(Encoding.UTF8.GetBytes(json.ToString()));
        using var outputs = Scored.Run(definition, [[19_999.5], [3]]);
        Assert.Equal([Splits, 3], outputs[0].Values<double>().ToArray());
    }

    [Theory]
    [InlineData("[", 1_000_000)]
    [InlineData("{\"tree_info\":[{\"tree_structure\":", 300_000)]
    public void Deep_nesting_in_a_dump_is_refused(string nested, int times) =>
        Assert.NotNull(ReadWithin(Encoding.UTF8.GetBytes("{\"x\":" + string.Concat(Enumerable.Repeat(nested, times))), json: true));

    /// <summary>Reads and runs; the error when it is refused. Anything but a ModelException, and too much memory, fails the test.</summary>
    private static ModelException? ReadWithin(byte[] file, bool json)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ModelException? refusal = null;
        try
        {
            var definition = (json ? LightGbmFormat.Json : LightGbmFormat.Text).Read(file);
            if (definition.Unsupported.IsEmpty)
            {
                using var model = TreesModel.Compile(definition, RuntimeOptions.Default);
                using var inputs = Scored.SampleInputs(definition.Signature);
                model.Run(inputs).Dispose();
            }
        }
        catch (ModelException e)
        {
            refusal = e;
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytes + (48L * file.Length));
        return refusal;
    }

    private static byte[] File(int model, bool json) => json ? JsonDump.Of(Texts[model]) : Encoding.UTF8.GetBytes(Texts[model]);

    private static ModelText Categories() => new ModelText
    {
        Objective = "binary sigmoid:1",
        Names = ["colour", "size", "flag", "n"],
        Infos = ["-1:0:1:2", "0:1", "0:1", "[0:9]"],
        Parameters = ["[boosting: gbdt]", "[categorical_feature: 0,1,2]"],
        PandasCategories = "[[\"red\", \"green\", \"bl\\u00fce\"], [1, 2.5], [false, true]]",
    }.CategoryStump(1, 2, [0, 2]).CategoryStump(3, 4, [1], feature: 1).CategoryStump(5, 6, [1], feature: 2).Stump(7, 8, feature: 3);

    private static byte[] Damage(byte[] bytes, Random random)
    {
        var damaged = new List<byte>(bytes);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(6))
            {
                case 0: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: damaged[at] = (byte)random.Next(256); break;
                case 2: damaged.RemoveRange(at, Math.Min(random.Next(1, 9), damaged.Count - at)); break;
                case 3: damaged.InsertRange(at, damaged.GetRange(at, Math.Min(random.Next(1, 40), damaged.Count - at))); break;
                case 4: damaged[at] = (byte)"0123456789-e. =\n[]{},:\"|"[random.Next(24)]; break;
                default:
                    for (var j = at; j < Math.Min(damaged.Count, at + 4); j++) damaged[j] = (byte)"9999"[j - at];
                    break;
            }
            if (damaged.Count == 0) damaged.Add(0);
        }
        return [.. damaged];
    }
}
