using System.Buffers.Binary;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Treelite;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.Treelite;

public class TreeliteFormatTests
{
    [Fact]
    public void Models_of_XGBoost_come_back_as_the_trees_that_XGBoosts_own_file_has()
    {
        var trees = TreesRuntime.Read(GoldenFiles.PathOf("xgboost-softprob.v4.tl")).Trees!;
        Assert.Equal(24, trees.TreeCount);
        Assert.Equal([0, 1, 2, 3], trees.TreeOutputs[..4]);
        Assert.Equal(TreeArithmetic.Float32, trees.Arithmetic);
        Assert.Equal([0.5, 0.5, 0.5, 0.5], trees.BaseMargins);
        for (var node = 0; node < trees.NodeCount; node++)
        {
            Assert.True(trees.Covers[node] > 0);
            if (trees.IsLeaf(node)) Assert.Equal(0, trees.Gains[node]);
            else Assert.Equal(trees.Covers[node], trees.Covers[trees.LeftChildren[node]] + trees.Covers[trees.LeftChildren[node] + 1], 1e-3);
        }
    }

    [Theory]
    [InlineData("xgboost-softprob")]
    [InlineData("operators64")]
    [InlineData("sklearn-forest")]
    [InlineData("categories32")]
    public void Both_versions_of_the_format_say_the_same(string model)
    {
        var old = TreesRuntime.Read(GoldenFiles.PathOf(model + ".v3.tl")).Trees!;
        var current = TreesRuntime.Read(GoldenFiles.PathOf(model + ".v4.tl")).Trees!;
        Assert.Equal(current.Features, old.Features);
        Assert.Equal(current.Thresholds, old.Thresholds);
        Assert.Equal(current.LeftChildren, old.LeftChildren);
        Assert.Equal(current.DefaultLeft, old.DefaultLeft);
        Assert.Equal(current.Categories, old.Categories);
        Assert.Equal(current.LeafVectors, old.LeafVectors);
        Assert.Equal(current.TreeOutputs, old.TreeOutputs);
        Assert.Equal(current.BaseMargins, old.BaseMargins);
        Assert.Equal(current.Covers, old.Covers);
        Assert.Equal(current.Gains, old.Gains);
    }

    [Theory]
    [InlineData("two-targets32.v4.tl", new[] { "target_0_class_0", "target_0_class_1", "target_1_class_0", "target_1_class_1", "target_1_class_2" })]
    [InlineData("softmax-leaves64.v4.tl", new[] { "class_0", "class_1", "class_2" })]
    [InlineData("sklearn-multi-target.v4.tl", new[] { "target_0", "target_1", "target_2" })]
    public void Outputs_are_named_by_target_and_class(string model, string[] names) =>
        Assert.Equal(names, TreesRuntime.Read(GoldenFiles.PathOf(model)).Signature.Outputs[0].Columns);

    [Fact]
    public void Descriptions_tell_the_version_the_task_and_the_postprocessor()
    {
        var description = new TreesRuntime().Describe(GoldenFiles.PathOf("sklearn-isolation.v4.tl"));
        Assert.Equal("treelite", description.Format);
        var facts = description.Facts.ToDictionary();
        Assert.Equal("treelite 4.1.2", facts["library"]);
        Assert.Equal("isolation forest", facts["task"]);
        Assert.Equal("exponential_standard_ratio", facts["objective"]);
        Assert.Equal("averaged", facts["trees are"]);
        Assert.Equal("10", facts["trees"]);
        Assert.Equal(["f0", "f1", "f2", "f3", "f4"], description.Signature!.Inputs[0].Columns);
    }

    [Fact]
    public void Margins_are_sums_before_the_postprocessor_and_leaves_keep_their_numbers()
    {
        var definition = TreesRuntime.Read(GoldenFiles.PathOf("sigmoid64.v4.tl"));
        using var inputs = GoldenFiles.Inputs("sigmoid64.v4.tl", ElementType.Float64);
        using var margins = TreesModel.Compile(definition, new RuntimeOptions(Output: OutputKind.Margin)).Run(inputs);
        var expected = GoldenFiles.Expected("sigmoid64.v4.tl", out _);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], 1 / (1 + Math.Exp(-0.7f * margins[0].Values<double>()[i])), 1e-14);

        definition = TreesRuntime.Read(GoldenFiles.PathOf("equality64.v4.tl"));
        using var rows = GoldenFiles.Inputs("equality64.v4.tl", ElementType.Float64);
        using var leaves = TreesModel.Compile(definition, new RuntimeOptions(Output: OutputKind.Leaf)).Run(rows);
        var document = TreeliteReader.Read(GoldenFiles.Read("equality64.v4.tl"));
        for (var i = 0; i < leaves[0].Count; i++)
        {
            var tree = document.Trees[i % document.Trees.Count].Nodes;
            Assert.Equal(TreeliteNodeKind.Leaf, tree[leaves[0].Values<int>()[i]].Kind);
        }
    }

    [Fact]
    public void An_unknown_postprocessor_is_described_and_not_opened()
    {
        var file = GoldenFiles.Read("hinge64.v4.tl");
        var at = file.AsSpan().IndexOf("hinge"u8);
        file[at] = (byte)'b';
        Assert.Equal(["postprocessor: 'binge' is not known for 1 targets"], new TreeliteFormat().Read(file).Unsupported);
    }

    [Fact]
    public void Checkpoints_that_no_Treelite_of_today_reads_are_refused_with_what_to_do()
    {
        var file = GoldenFiles.Read("operators64.v3.tl");
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), 4);
        Assert.Contains("3.9 or 4 expected", Refusal(file), StringComparison.Ordinal);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), 9);
        file[13] = 1;
        Assert.Contains("integers", Refusal(file), StringComparison.Ordinal);
        file[13] = 2;
        Assert.Contains("of different types", Refusal(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("target_id", 5)]
    [InlineData("class_id", 1)]
    public void A_tree_for_an_output_that_does_not_exist_is_refused(string field, int value)
    {
        var document = TreeliteReader.Read(GoldenFiles.Read("operators64.v4.tl"));
        (field == "target_id" ? document.TreeTargets : document.TreeClasses)[3] = value;
        Assert.StartsWith($"tree 3: {field} is {value}", Assert.Throws<ModelException>(() => TreeliteImport.Import(document)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tests_for_equality_that_would_grow_without_bound_are_refused()
    {
        var document = TreeliteReader.Read(GoldenFiles.Read("operators64.v4.tl"));
        // a == 0 ? leaf : (b == 0 ? leaf : ( … )): every test doubles what is below.
        document.Features = 40;
        document.Trees[0] = Chain(40, t => (t, 0));
        Assert.Contains("tests for equality", Assert.Throws<ModelException>(() => TreeliteImport.Import(document)).Message, StringComparison.Ordinal);
        // A test whose else is itself, of a value that was excluded above.
        document.Trees[0].Nodes[2].Right = 2;
        Assert.Throws<ModelException>(() => TreeliteImport.Import(document));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_enumeration_of_values_becomes_a_search_tree(bool defaultLeft)
    {
        const int Values = 500;
        var document = TreeliteReader.Read(GoldenFiles.Read("operators64.v4.tl"));
        var order = Enumerable.Range(0, Values).Select(v => v / 2.0).ToArray();
        new Random(5).Shuffle(order);
        document.Trees.Clear();
        document.Trees.Add(Chain(Values, t => (1, order[t]), defaultLeft));
        (document.TreeTargets, document.TreeClasses, document.BaseScores) = ([0], [0], [0]);
        var definition = TreeliteImport.Import(document);
        Assert.InRange(definition.Trees!.NodeCount, 0, 6 * Values);
        using var model = TreesModel.Compile(definition, RuntimeOptions.Default);
        var rows = new double[(2 * Values * 5) + 15];
        for (var i = 0; i < 2 * Values; i++) rows[(i * 5) + 1] = i / 4.0;
        rows[^4] = double.NaN;
        rows[^9] = double.PositiveInfinity;
        rows[^14] = -1;
        using var inputs = new Batch(Tensor.Of<double>("input", rows, rows.Length / 5, 5));
        using var outputs = model.Run(inputs);
        for (var row = 0; row < outputs[0].Rows; row++)
        {
            var x = rows[(row * 5) + 1];
            // A leaf's value is the number of the test; missing values take the first test's way, or no test's.
            var expected = double.IsNaN(x) ? (defaultLeft ? 0 : -1) : Array.IndexOf(order, x);
            Assert.Equal(expected, outputs[0].Values<double>()[row]);
        }
    }

    [Fact]
    public void Other_files_are_not_taken_for_checkpoints()
    {
        var random = new Random(11);
        var noise = new byte[600];
        var format = new TreeliteFormat();
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(noise);
            noise[0] = (byte)random.Next(3, 5);
            noise.AsSpan(1, 3).Clear();
            Assert.False(format.Matches("model.bin", noise.AsSpan(0, random.Next(noise.Length))));
        }
        Assert.False(format.Matches("model.bin", new byte[600]));
        Assert.False(format.Matches("model.bin", Encoding.ASCII.GetBytes("tree\nversion=v3\n" + new string(' ', 100))));
        foreach (var model in GoldenFiles.Models) Assert.True(format.Matches(model, GoldenFiles.Read(model).AsSpan(0, 400)));
    }

    /// <summary><c>x == t0 ? 0 : x == t1 ? 1 : … : -1</c>.</summary>
    private static TreeliteTree Chain(int tests, Func<int, (int Feature, double Value)> test, bool defaultLeft = false)
    {
        var nodes = new TreeliteNode[(2 * tests) + 1];
        for (var t = 0; t < tests; t++)
        {
            var (feature, value) = test(t);
            nodes[2 * t] = new TreeliteNode { Kind = TreeliteNodeKind.NumericalTest, Operator = TreeliteOperator.Equal, Feature = feature, Value = value, Left = (2 * t) + 1, Right = (2 * t) + 2, DefaultLeft = defaultLeft };
            nodes[(2 * t) + 1] = new TreeliteNode { Kind = TreeliteNodeKind.Leaf, Value = t };
        }
        nodes[^1] = new TreeliteNode { Kind = TreeliteNodeKind.Leaf, Value = -1 };
        return new TreeliteTree(nodes, [], []);
    }

    private static string Refusal(byte[] file) => Assert.Throws<ModelException>(() => new TreeliteFormat().Read(file)).Message;
}
