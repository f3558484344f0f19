using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Tests.Models.XGBoost;

namespace Slipway.Tests.Models.H2O;

/// <summary>Trees of every version of the format, against a walk over the tree that they were written from.</summary>
public class CompressedTreeTests
{
    private const double Initial = 0.25;
    private static readonly string[] Few = ["a", "b", "c", "d", "e"];
    private static readonly string[] Some = [.. Enumerable.Range(0, 40).Select(i => $"l{i}")];
    private static readonly string[] Many = [.. Enumerable.Range(0, 300).Select(i => $"level {i}")];
    private static readonly string[][] Domains = [[], Few, Some, [], Many];

    [Theory]
    [InlineData("1.00")]
    [InlineData("1.10")]
    [InlineData("1.20")]
    [InlineData("1.30")]
    [InlineData("1.40")]
    public void Trees_say_what_a_walk_over_them_says(string version)
    {
        var number = MojoFiles.Number(version);
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var trees = Enumerable.Range(0, 1 + random.Next(6)).Select(_ => Random(random, depth: random.Next(7))).ToArray();
            var rows = Enumerable.Range(0, 200).Select(_ => Row(random)).ToArray();
            using var model = MojoFiles.Open(Archive(trees, version));
            using var outputs = MojoFiles.Run(model, Table(rows));
            var predictions = outputs["prediction"].Values<double>();
            for (var r = 0; r < rows.Length; r++)
            {
                var expected = 0.0;
                foreach (var tree in trees) expected += tree.Score(rows[r], number);
                Assert.Equal(expected + Initial, predictions[r]);
            }
        }
    }

    [Fact]
    public void Leaves_have_the_numbers_that_H2O_gave_them()
    {
        var tree = new TestSplit(0, 4, 1, null, 0, 0, new TestSplit(3, 5, 2, null, 0, 0, new TestLeaf(1), new TestLeaf(2)), new TestLeaf(3));
        using var model = MojoFiles.Open(Archive([tree], "1.40"), OutputKind.Leaf);
        using var outputs = MojoFiles.Run(model, Table([[0, 0, 0, 0, 0], [0, 0, 0, 5, 0], [7, 0, 0, 0, 0]]));
        Assert.Equal([3, 4, 2], outputs[0].Values<int>().ToArray());
    }

    [Fact]
    public void Statistics_are_weights_and_what_splits_gain()
    {
        var tree = new TestSplit(0, 4, 1, null, 0, 0, new TestLeaf(1), new TestLeaf(3));
        var trees = MojoFiles.Read(Archive([tree], "1.40")).Trees!;
        Assert.Equal([6.0, 3, 3], trees.Covers);
        // 3 × 3 / 6 × (1 − 3)²
        Assert.Equal([6.0, 0, 0], trees.Gains);
    }

    [Fact]
    public void A_tree_of_one_leaf_is_a_constant()
    {
        using var model = MojoFiles.Open(Archive([new TestLeaf(4)], "1.40"));
        using var outputs = MojoFiles.Run(model, Table([[1, 1, 1, 1, 1]]));
        Assert.Equal(4 + Initial, outputs[0].Values<double>()[0]);
    }

    [Fact]
    public void A_threshold_that_is_no_number_sends_every_value_left()
    {
        using var model = MojoFiles.Open(Archive([new TestSplit(0, 3, float.NaN, null, 0, 0, new TestLeaf(1), new TestLeaf(2))], "1.40"));
        using var outputs = MojoFiles.Run(model, Table([[double.PositiveInfinity, 0, 0, 0, 0], [-3, 0, 0, 0, 0], [double.NaN, 0, 0, 0, 0]]));
        Assert.Equal([1 + Initial, 1 + Initial, 2 + Initial], outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void Classes_without_a_tree_in_a_group_are_left_out()
    {
        var builder = Gbm("1.40").Set("category", "Multinomial").Set("distribution", "multinomial").Set("link_function", "log").Features(5, 3).Set("n_trees", "2").Set("n_trees_per_class", "3");
        builder.Column("y", "r", "s", "t");
        foreach (var (name, value) in new[] { ("t00_000", 1f), ("t02_000", 2f), ("t01_001", 3f) }) Add(builder, name, new TestLeaf(value), 1.4);
        using var model = MojoFiles.Open(builder.Build(), OutputKind.Margin);
        using var outputs = MojoFiles.Run(model, Table([[0, 0, 0, 0, 0]]));
        Assert.Equal([1.0, 3, 2], outputs[0].Values<double>().ToArray());
    }

    [Theory]
    [InlineData(new byte[] { }, "byte 0: the file ends inside a node")]
    [InlineData(new byte[] { 0xF0, 0, 0, 4, 0, 0, 0x80, 0x3F }, "byte 8: the file ends inside a leaf")]
    [InlineData(new byte[] { 0xF0, 9, 0, 4, 0, 0, 0x80, 0x3F, 1, 1, 1, 1, 2, 2, 2, 2 }, "byte 3: the split is on column 9, but there are 5")]
    [InlineData(new byte[] { 0xD0, 0, 0, 4, 0, 0, 0x80, 0x3F, 1, 1, 1, 1, 2, 2, 2, 2 }, "byte 8: the node's flags are 0xD0, which is no left branch")]
    [InlineData(new byte[] { 0xF8, 0, 0, 4, 0, 0, 0x80, 0x3F, 1, 1, 1, 1, 2, 2, 2, 2 }, "byte 4: the split is by levels, but column 'n0' has none")]
    [InlineData(new byte[] { 0xF4, 1, 0, 4, 0, 0, 0x80, 0x3F, 1, 1, 1, 1, 2, 2, 2, 2 }, "byte 4: the split is of a kind that H2O no longer has")]
    [InlineData(new byte[] { 0xFC, 1, 0, 4, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0 }, "byte 10: a set of -1 levels")]
    [InlineData(new byte[] { 0xFC, 1, 0, 4, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0 }, "byte 10: the file ends inside a set of levels")]
    [InlineData(new byte[] { 0xF0, 0, 0, 4, 0, 0, 0x80, 0x3F, 1, 1, 1, 1, 2, 2, 2, 2, 0 }, "byte 16: the tree ends here, but the file has 17 bytes")]
    [InlineData(new byte[] { 0xC0, 0, 0, 4, 0, 0, 0x80, 0x3F, 15, 0xF0, 0, 0, 4, 0, 0, 0x80, 0x3F, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3 }, "byte 25: the left branch ends here, but its size says 24")]
    [InlineData(new byte[] { 0xC0, 0, 0, 4, 0, 0, 0x80, 0x3F, 99, 0xF0, 0, 0, 4 }, "byte 9: a branch of 99 bytes, but 4 are left")]
    public void Damaged_trees_are_refused_with_the_byte(byte[] tree, string message)
    {
        var builder = Gbm("1.40").Set("n_trees", "1").Set("n_trees_per_class", "1").Entry("trees/t00_000.bin", tree).Column("y");
        Assert.Equal("trees/t00_000.bin, " + message, Assert.Throws<ModelException>(() => MojoFiles.Read(builder.Build())).Message);
    }

    internal static byte[] Archive(TestTree[] trees, string version)
    {
        var builder = Gbm(version).Column("y").Set("n_trees", $"{trees.Length}");
        // The first archives do not say how many trees a group has.
        if (version != "1.00") builder.Set("n_trees_per_class", "1");
        for (var t = 0; t < trees.Length; t++) Add(builder, $"t00_{t:000}", trees[t], MojoFiles.Number(version));
        return builder.Build();
    }

    internal static MojoBuilder Gbm(string version) =>
        new MojoBuilder("gbm", "Regression", version).Features(5).Column("n0").Column("few", Few).Column("some", Some).Column("n3").Column("many", Many)
            .Set("distribution", "gaussian").Set("init_f", "0.25").Set("_genmodel_encoding", "AUTO");

    internal static void Add(MojoBuilder builder, string name, TestTree tree, double version)
    {
        builder.Entry($"trees/{name}.bin", tree.Bytes(version));
        if (version > 1.0) builder.Entry($"trees/{name}_aux.bin", tree.Statistics());
    }

    internal static TestTree Random(Random random, int depth)
    {
        if (depth == 0 || random.Next(6) == 0) return new TestLeaf((float)(random.NextDouble() - 0.5));
        var column = random.Next(Domains.Length);
        var (left, right) = (Random(random, depth - 1), Random(random, depth - 1));
        var levels = Domains[column].Length;
        // Levels are sometimes split like numbers.
        if (levels == 0 || random.Next(4) == 0) return new TestSplit(column, 1 + random.Next(5), (float)(levels == 0 ? random.NextDouble() : random.Next(levels)), null, 0, levels, left, right);
        var first = levels > 32 && random.Next(2) == 0 ? random.Next(levels - 8) : 0;
        var length = levels <= 32 ? 32 : 1 + random.Next(levels - first);
        return new TestSplit(column, 1 + random.Next(5), 0, [.. Enumerable.Range(0, length).Select(_ => random.Next(2) == 0)], first, levels, left, right);
    }

    internal static double[] Row(Random random) =>
        [.. Domains.Select(levels => random.Next(8) == 0 ? double.NaN : levels.Length == 0 ? (random.Next(5) == 0 ? random.Next(2) : random.NextDouble()) : random.Next(levels.Length))];

    internal static CorpusTable Table(double[][] rows) =>
        new(["n0", "few", "some", "n3", "many"], [.. rows.Select(row => row.Select((v, c) => Cell(v, c)).ToArray())]);

    /// <summary>Levels that training had not seen are missing values.</summary>
    private static string Cell(double value, int column) => Domains[column] switch
    {
        [] => double.IsNaN(value) ? "" : value.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        var levels => double.IsNaN(value) ? (column == 1 ? "" : "never seen") : levels[(int)value],
    };
}
