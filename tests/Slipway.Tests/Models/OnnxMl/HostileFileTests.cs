using Slipway.Core;
using Slipway.Models.Formats.OnnxMl;
using Slipway.Models.Trees;
using static Slipway.Tests.Models.OnnxMl.OnnxWriter;

namespace Slipway.Tests.Models.OnnxMl;

/// <summary>Every byte of a model file is hostile: a clear error or a model that runs, in bounded memory.</summary>
public class HostileFileTests
{
    private const long MaxBytes = 24 << 20;
    private const int Mutations = 2000;

    private static Dictionary<string, byte[]> Files { get; } = new()
    {
        ["regressor"] = new RandomEnsemble(1, new EnsembleShape { BaseValues = 1, MissingTracksTrue = true }).RegressorModel(),
        ["average"] = new RandomEnsemble(2, new EnsembleShape { Targets = 3, Weights = "all", Aggregate = "AVERAGE", Transform = "SOFTMAX" }).RegressorModel(),
        ["double minimum"] = new RandomEnsemble(3, new EnsembleShape { Targets = 2, Weights = "some", Aggregate = "MIN", Double = true }).RegressorModel(),
        ["equalities"] = new RandomEnsemble(4, new EnsembleShape { Modes = ["BRANCH_EQ", "BRANCH_NEQ", "BRANCH_GT"], Whole = true }).RegressorModel(),
        ["classifier"] = new RandomEnsemble(5, new EnsembleShape { Targets = 3, BaseValues = 3 }).ClassifierModel(texts: false),
        ["classifier with texts"] = new RandomEnsemble(6, new EnsembleShape { Targets = 2, Weights = "first", Transform = "LOGISTIC" }).ClassifierModel(texts: true),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_cut_at_any_percent_is_refused(string name)
    {
        var file = Files[name];
        for (var percent = 0; percent < 100; percent++) Assert.NotNull(ReadWithin(file[..(file.Length * percent / 100)]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_damaged_file_is_refused_or_runs(string name)
    {
        var random = new Random(name.Length);
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            if (ReadWithin(Damage(Files[name], random)) is not null) refused++;
        }
        Assert.InRange(refused, 1, Mutations);
    }

    [Fact]
    public void Nodes_that_lead_in_circles_are_refused()
    {
        var node = Tree([1, 0, 0], [2, 2, 0], ["BRANCH_LEQ", "BRANCH_LEQ", "LEAF"]);
        Assert.Contains("no trees", Refusal(node), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_equalities_that_is_a_circle_is_refused()
    {
        var node = Tree([2, 2, 0], [1, 0, 0], ["BRANCH_EQ", "BRANCH_EQ", "LEAF"]);
        Assert.Contains("no trees", Refusal(node), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_that_are_shared_without_end_are_refused()
    {
        const int Depth = 60;
        var next = Enumerable.Range(1, Depth).Select(i => (long)i).Append(0).ToArray();
        Assert.Contains("no trees", Refusal(Tree(next, next, [.. Enumerable.Repeat("BRANCH_LEQ", Depth), "LEAF"])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nodes_truenodeids", "TreeEnsembleRegressor: nodes_truenodeids: tree 0 has no node 7")]
    [InlineData("nodes_featureids", "tree 0, node 0: it splits on feature 7, but there are 1 features")]
    public void The_error_names_the_place(string attribute, string expected)
    {
        var node = Tree(attribute == "nodes_truenodeids" ? [7, 0, 0] : [1, 0, 0], [2, 0, 0], ["BRANCH_LEQ", "LEAF", "LEAF"], feature: attribute == "nodes_featureids" ? 7 : 0);
        Assert.Equal(expected, Refusal(node));
    }

    [Fact]
    public void A_number_of_targets_without_weights_takes_no_memory()
    {
        var shape = new EnsembleShape { Trees = 50, Targets = 2, MaxDepth = 8 };
        var model = new RandomEnsemble(1, shape).RegressorModel();
        var at = model.AsSpan().IndexOf("n_targets"u8);
        Assert.Equal(2, model[at + "n_targets".Length + 1]);
        model[at + "n_targets".Length + 1] = 120;
        Assert.Contains("declared with 2 columns, but has 120", ReadWithin(model)!.Message, StringComparison.Ordinal);
        var wide = Model(Graph([Tree([1, 0, 0], [2, 0, 0], ["BRANCH_LEQ", "LEAF", "LEAF"], targets: 1 << 20)], [Value("X", 1, -1, 1)], [Value("Y", 1, -1, 1 << 20)]), 3);
        Assert.Null(ReadWithin(wide, 128 << 20));
    }

    private static string Refusal(byte[] node) => ReadWithin(Model(Graph([node], [Value("X", 1, -1, 1)], [Value("Y", 1, -1, 1)]), 3))!.Message;

    private static byte[] Tree(long[] trues, long[] falses, string[] modes, int feature = 0, int targets = 1)
    {
        var count = modes.Length;
        return Node("TreeEnsembleRegressor", ["X"], ["Y"], Integer("n_targets", targets), Integers("nodes_treeids", new long[count]), Integers("nodes_nodeids", Enumerable.Range(0, count).Select(i => (long)i)),
            Integers("nodes_featureids", Enumerable.Repeat((long)feature, count)), Integers("nodes_truenodeids", trues), Integers("nodes_falsenodeids", falses), Strings("nodes_modes", modes), Numbers("nodes_values", Enumerable.Repeat(1.0, count)),
            Integers("target_treeids", [0]), Integers("target_nodeids", [count - 1]), Integers("target_ids", [0]), Numbers("target_weights", [5]));
    }

    /// <summary>Reads and runs; the error when it is refused. Anything but a ModelException, and too much memory, fails the test.</summary>
    private static ModelException? ReadWithin(byte[] file, long maxBytes = MaxBytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ModelException? refusal = null;
        try
        {
            var format = new OnnxMlFormat();
            _ = format.Matches("model.onnx", file.AsSpan(0, Math.Min(4096, file.Length)));
            Score(format.Read(file));
        }
        catch (ModelException e)
        {
            refusal = e;
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, maxBytes + (32L * file.Length));
        return refusal;
    }

    private static void Score(TreeModelDefinition definition)
    {
        definition.Signature.Validate();
        using var model = TreesModel.Compile(definition, RuntimeOptions.Default);
        using var inputs = new Batch();
        var random = new Random(1);
        foreach (var input in model.Signature.Inputs)
        {
            if (input.Shape[1] > 1000 || input.Shape[0] > 1000) return;
            using var values = new Tensor(input.Name, ElementType.Float64, input.Shape[0] < 0 ? 3 : input.Shape[0], input.Shape[1] < 0 ? 8 : input.Shape[1]);
            foreach (ref var x in values.Values<double>()) x = random.Next(-3, 12);
            inputs.Add(values.ConvertTo(input.Type));
        }
        try
        {
            model.Run(inputs).Dispose();
        }
        catch (RecordException)
        {
            // A model may ask for more columns than were given.
        }
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        var damaged = new List<byte>(bytes);
        for (var i = random.Next(1, 5); i > 0 && damaged.Count > 0; i--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(5))
            {
                case 0: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: damaged[at] = (byte)random.Next(256); break;
                case 2: damaged.RemoveRange(at, Math.Min(random.Next(1, 9), damaged.Count - at)); break;
                case 3: damaged.InsertRange(at, damaged.GetRange(at, Math.Min(random.Next(1, 40), damaged.Count - at))); break;
                default:
                    for (var j = at; j < Math.Min(damaged.Count, at + 4); j++) damaged[j] = random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F;
                    break;
            }
        }
        return [.. damaged];
    }
}
