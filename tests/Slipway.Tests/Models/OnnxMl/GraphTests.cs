using Slipway.Core;
using Slipway.Models;
using Slipway.Models.OnnxRuntime;
using Slipway.Models.Trees;
using static Slipway.Tests.Models.OnnxMl.OnnxWriter;

namespace Slipway.Tests.Models.OnnxMl;

/// <summary>The small graphs that converters put around an ensemble.</summary>
public class GraphTests
{
    private static readonly EnsembleShape OneTarget = new() { BaseValues = 1 };
    private static readonly EnsembleShape ThreeClasses = new() { Targets = 3, Weights = "all", Positive = true };

    public static TheoryData<string> Graphs => [.. All.Keys];

    private static Dictionary<string, (byte[] Model, int InputType)> All { get; } = new()
    {
        ["maps of numbers"] = Classified(false, [Node("ZipMap", ["scores"], ["maps"], Integers("classlabels_int64s", [0, 10, 20]))], [Value("label", 7, -1), MapValue("maps", 7)]),
        ["maps of texts"] = Classified(true, [Node("ZipMap", ["scores"], ["maps"], Strings("classlabels_strings", ["class 0", "class 1", "class 2"]))], [Value("label", 8, -1), MapValue("maps", 8)]),
        ["maps, then the label"] = Classified(false, [Node("Cast", ["label"], ["output_label"], Integer("to", 7)), Node("ZipMap", ["scores"], ["maps"], Integers("classlabels_int64s", [0, 10, 20]))], [MapValue("maps", 7), Value("output_label", 7, -1)]),
        ["only the scores"] = Classified(false, [Node("Identity", ["scores"], ["p"])], [Value("p", 1, -1, 3)]),
        ["only the label"] = Classified(true, [], [Value("label", 8, -1)]),
        ["label of a matrix"] = Classified(false, [Node("Reshape", ["label", "column"], ["l"])], [Value("l", 7, -1, 1)], [Tensor("column", 7, [-1, 1])]),
        ["label as a small integer"] = Classified(false, [Node("Cast", ["label"], ["l"], Integer("to", 6))], [Value("l", 6, -1)]),
        ["scores of float64"] = Classified(false, [Node("Cast", ["scores"], ["p"], Integer("to", 11))], [Value("label", 7, -1), Value("p", 11, -1, 3)]),
        ["largest class looked up"] = Classified(false,
            [
                Node("ArgMax", ["scores"], ["at"], Integer("axis", 1)), Node("ArrayFeatureExtractor", ["names", "at"], ["row"]), Node("Cast", ["row"], ["cast"], Integer("to", 7)), Node("Reshape", ["cast", "list"], ["l"]),
            ], [Value("l", 7, -1), Value("scores", 1, -1, 3)], [Tensor("names", 7, [5, 6, 7]), Tensor("list", 7, [-1])]),
        ["largest class looked up by text"] = Classified(false,
            [Node("ArgMax", ["scores"], ["at"], Integer("axis", 1)), Node("ArrayFeatureExtractor", ["names", "at"], ["row"]), Node("Reshape", ["row", "list"], ["l"])],
            [Value("l", 8, -1), Value("scores", 1, -1, 3)], [TextTensor("names", ["a", "b", "ü"]), Tensor("list", 7, [-1])]),
        ["normalized by sum"] = Classified(false, [Node("Normalizer", ["scores"], ["p"], String("norm", "L1"))], [Value("label", 7, -1), Value("p", 1, -1, 3)]),
        ["normalized by length"] = Classified(false, [Node("Normalizer", ["scores"], ["p"], String("norm", "L2"))], [Value("label", 7, -1), Value("p", 1, -1, 3)]),
        ["normalized by the largest"] = Classified(false, [Node("Normalizer", ["scores"], ["p"], String("norm", "MAX"))], [Value("label", 7, -1), Value("p", 1, -1, 3)]),
        ["exponential, normalized"] = Classified(false, [Node("Softmax", ["scores"], ["p"], Integer("axis", 1))], [Value("label", 7, -1), Value("p", 1, -1, 3)]),
        ["exponential"] = Regressed([Node("Exp", ["Y"], ["p"])], [Value("p", 1, -1, 1)]),
        ["sigmoid"] = Regressed([Node("Sigmoid", ["Y"], ["p"])], [Value("p", 1, -1, 1)]),
        ["averaged"] = Regressed([Node("Div", ["Y", "seven"], ["p"])], [Value("p", 1, -1, 1)], [Tensor("seven", 1, [7])]),
        ["two classes of one score"] = Regressed([Node("Sigmoid", ["Y"], ["p"]), Node("Sub", ["one", "p"], ["q"]), Node("Concat", ["q", "p"], ["both"], Integer("axis", 1))], [Value("both", 1, -1, 2)], [Tensor("one", 1, [1])]),
        ["scaled and shifted"] = Regressed([Node("Mul", ["Y", "two"], ["a"]), Node("Add", ["three", "a"], ["p"])], [Value("p", 1, -1, 1)], [Tensor("two", 1, [2.5]), Tensor("three", 1, [3])]),
        ["reshaped to a list"] = Regressed([Node("Reshape", ["Y", "list"], ["p"])], [Value("p", 1, -1)], [Tensor("list", 7, [-1])]),
        ["squeezed"] = Regressed([Node("Squeeze", ["Y", "axes"], ["p"])], [Value("p", 1, -1)], [Tensor("axes", 7, [1])]),
        ["twice the same"] = Regressed([Node("Identity", ["Y"], ["a"]), Node("Identity", ["Y"], ["b"])], [Value("a", 1, -1, 1), Value("b", 1, -1, 1)]),
        ["a constant node"] = Regressed([Node("Constant", [], ["c"], TensorAttribute("value", Tensor("", 1, [0.5]))), Node("Mul", ["Y", "c"], ["p"])], [Value("p", 1, -1, 1)]),
        ["input of float64 cast"] = Read([Node("Cast", ["in"], ["X"], Integer("to", 1))], Value("in", 11, -1, 4), 11),
        ["input of int64 cast"] = Read([Node("Cast", ["in"], ["X"], Integer("to", 1))], Value("in", 7, -1, 4), 7),
        ["input scaled"] = Read([Node("Scaler", ["in"], ["X"], Numbers("offset", [0.1, 0.2, 0.3, -0.4]), Numbers("scale", [2, 0.5, 3, 1.7]))], Value("in", 1, -1, 4), 1),
        ["input imputed and scaled"] = Read(
            [Node("Imputer", ["in"], ["i"], Number("replaced_value_float", float.NaN), Numbers("imputed_value_floats", [0.1, 0.2, 0.3, -0.4])), Node("Scaler", ["i"], ["X"], Numbers("offset", [0.1]), Numbers("scale", [2]))],
            Value("in", 1, -1, 4), 1),
        ["columns chosen"] = Read([Node("ArrayFeatureExtractor", ["in", "columns"], ["X"])], Value("in", 1, -1, 4), 1, [Tensor("columns", 7, [2, 3, 0, 1])]),
        ["columns of unknown number"] = Read([Node("Identity", ["in"], ["X"])], Value("in", 1, -1, -1), 1),
    };

    [Theory]
    [MemberData(nameof(Graphs))]
    public void A_graph_answers_as_the_native_runtime_does(string name)
    {
        if (!OnnxRuntimeRuntime.IsAvailable) Assert.Skip(Native.Absent);
        var (model, type) = All[name];
        var random = new Random(name.Length);
        var rows = new double[4 * 60];
        foreach (ref var x in rows.AsSpan()) x = type == 7 ? random.Next(-3, 4) : random.Next(12) == 0 ? double.NaN : (random.NextDouble() * 4) - 2;
        using var inputs = Native.Matrix(type, rows, 4, name.StartsWith("input", StringComparison.Ordinal) || name.StartsWith("columns", StringComparison.Ordinal) ? "in" : "X");
        // The native runtime's vectorized exponential function is its own.
        Native.Compare(model, inputs, ulps: name.StartsWith("exponential", StringComparison.Ordinal) ? 4 : 0);
    }

    [Fact]
    public void One_input_for_each_column_is_gathered_and_named()
    {
        var ensemble = new RandomEnsemble(1, OneTarget);
        string[] names = ["age", "income", "height", "weight"];
        var model = Model(Graph([Node("Concat", names, ["X"], Integer("axis", 1)), ensemble.Regressor()], names.Select(n => Value(n, 1, -1, 1)), [Value("Y", 1, -1, 1)]), 3);
        var rows = ensemble.Rows(30);
        using var inputs = new Batch();
        for (var c = 0; c < 4; c++) inputs.Add(Slipway.Core.Tensor.Of<float>(names[c], [.. Enumerable.Range(0, 30).Select(r => (float)rows[(r * 4) + c])], 30, 1));
        if (OnnxRuntimeRuntime.IsAvailable) Native.Compare(model, inputs);
        Within(model, path =>
        {
            Assert.Contains(names, n => new TreesRuntime().Describe(path).Splits.Any(s => s.Feature == n));
            using var gathered = new TreesRuntime().Open(path, RuntimeOptions.Default).Run(inputs);
            using var matrix = Native.Matrix(1, rows, 4);
            Within(ensemble.RegressorModel(), other =>
            {
                using var direct = new TreesRuntime().Open(other, RuntimeOptions.Default).Run(matrix);
                Assert.Equal(direct[0].Values<float>(), gathered[0].Values<float>());
            });
        });
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void Weights_may_be_in_any_order_of_the_leaves(int first, int second)
    {
        // x below 1: 10, else 20
        var node = Node("TreeEnsembleRegressor", ["X"], ["Y"], Integer("n_targets", 1), Integers("nodes_treeids", [0, 0, 0]), Integers("nodes_nodeids", [0, 1, 2]), Integers("nodes_featureids", [0, 0, 0]),
            Integers("nodes_truenodeids", [1, 0, 0]), Integers("nodes_falsenodeids", [2, 0, 0]), Strings("nodes_modes", ["BRANCH_LT", "LEAF", "LEAF"]), Numbers("nodes_values", [1, 0, 0]),
            Integers("target_treeids", [0, 0]), Integers("target_nodeids", [first, second]), Integers("target_ids", [0, 0]), Numbers("target_weights", [10 * first, 10 * second]));
        using var inputs = Native.Matrix(1, [0, 1, 2], 1);
        Within(Model(Graph([node], [Value("X", 1, -1, 1)], [Value("Y", 1, -1, 1)]), 3), path =>
        {
            using var answer = new TreesRuntime().Open(path, RuntimeOptions.Default).Run(inputs);
            Assert.Equal([10, 20, 20], answer[0].Values<float>());
        });
    }

    [Fact]
    public void A_chain_of_equalities_that_lead_to_one_node_is_a_set()
    {
        // x is 1, 4 or 9: 100, else 200
        var node = Node("TreeEnsembleRegressor", ["X"], ["Y"], Integer("n_targets", 1), Integers("nodes_treeids", [0, 0, 0, 0, 0]), Integers("nodes_nodeids", [0, 1, 2, 3, 4]), Integers("nodes_featureids", [0, 0, 0, 0, 0]),
            Integers("nodes_truenodeids", [3, 3, 3, 0, 0]), Integers("nodes_falsenodeids", [1, 2, 4, 0, 0]), Strings("nodes_modes", ["BRANCH_EQ", "BRANCH_EQ", "BRANCH_EQ", "LEAF", "LEAF"]), Numbers("nodes_values", [1, 4, 9, 0, 0]),
            Integers("target_treeids", [0, 0]), Integers("target_nodeids", [3, 4]), Integers("target_ids", [0, 0]), Numbers("target_weights", [100, 200]));
        using var inputs = Native.Matrix(1, [0, 1, 2, 4, 9, 8.5, 10, double.NaN, -1, 4.5], 1);
        Within(Model(Graph([node], [Value("X", 1, -1, 1)], [Value("Y", 1, -1, 1)]), 3), path =>
        {
            using var answer = new TreesRuntime().Open(path, RuntimeOptions.Default).Run(inputs);
            Assert.Equal([200, 100, 200, 100, 100, 200, 200, 200, 200, 200], answer[0].Values<float>());
        });
    }

    [Theory]
    [InlineData("Gemm")]
    [InlineData("OneHotEncoder")]
    [InlineData("Loop")]
    public void A_graph_with_another_operator_is_left_to_the_next_runtime(string op)
    {
        var ensemble = new RandomEnsemble(1, OneTarget);
        var model = Model(Graph([ensemble.Regressor(), Node(op, ["Y"], ["Z"])], [ensemble.Input()], [Value("Z", 1, -1, 1)]), 3);
        Within(model, path =>
        {
            Assert.IsNotType<TreesRuntime>(Runtimes.Default.Detect(path));
            Assert.Contains(op, Assert.Throws<ModelException>(() => new TreesRuntime().Open(path, RuntimeOptions.Default)).Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void An_operator_set_that_is_not_known_is_left_to_the_next_runtime()
    {
        var ensemble = new RandomEnsemble(1, OneTarget);
        Within(Model(Graph([ensemble.Regressor()], [ensemble.Input()], [Value("Y", 1, -1, 1)]), mlOpset: 6), path => Assert.False(new TreesRuntime().Accepts(path)));
    }

    [Fact]
    public void Known_operators_in_another_order_are_left_to_the_next_runtime()
    {
        var ensemble = new RandomEnsemble(1, OneTarget);
        byte[][] graphs =
        [
            Graph([Node("Sigmoid", ["X"], ["S"])], [ensemble.Input()], [Value("S", 1, -1, 4)]),
            Graph([Node("Sigmoid", ["in"], ["X"]), ensemble.Regressor()], [Value("in", 1, -1, 4)], [Value("Y", 1, -1, 1)]),
            Graph([ensemble.Regressor(), ensemble.Regressor("X", "Z"), Node("Add", ["Y", "Z"], ["W"])], [ensemble.Input()], [Value("W", 1, -1, 1)]),
            Graph([ensemble.Regressor(), Node("Identity", ["X"], ["Z"])], [ensemble.Input()], [Value("Y", 1, -1, 1), Value("Z", 1, -1, 4)]),
            Graph([Node("Reshape", ["in", "shape"], ["X"]), ensemble.Regressor()], [Value("in", 1, -1)], [Value("Y", 1, -1, 1)], [Tensor("shape", 7, [-1, 4])]),
        ];
        foreach (var graph in graphs) Within(Model(graph, 3), path => Assert.IsNotType<TreesRuntime>(Runtimes.Default.Detect(path)));
    }

    [Fact]
    public void Inspect_tells_producer_operators_labels_and_trees()
    {
        Within(new RandomEnsemble(1, ThreeClasses).ClassifierModel(texts: true), path =>
        {
            var description = new TreesRuntime().Describe(path);
            Assert.Equal("onnx-ml", description.Format);
            var facts = description.Facts.ToDictionary(f => f.Key, f => f.Value);
            Assert.Equal("slipway-tests", facts["producer"]);
            Assert.Equal("ai.onnx 13, ai.onnx.ml 3", facts["operator sets"]);
            Assert.Equal("TreeEnsembleClassifier", facts["operators"]);
            Assert.Equal("class 0, class 1, class 2", facts["labels"]);
            Assert.Equal("7", facts["trees"]);
        });
    }

    [Fact]
    public void Too_narrow_rows_are_a_fault_of_the_record()
    {
        var (model, _) = All["columns of unknown number"];
        Within(model, path =>
        {
            using var opened = new TreesRuntime().Open(path, RuntimeOptions.Default);
            using var inputs = Native.Matrix(1, [1.0, 2.0], 1, "in");
            Assert.Throws<RecordException>(() => opened.Run(inputs));
        });
    }

    private static (byte[], int) Classified(bool texts, byte[][] after, byte[][] outputs, byte[][]? constants = null)
    {
        var ensemble = new RandomEnsemble(3, ThreeClasses);
        return (Model(Graph([ensemble.Classifier(texts), .. after], [ensemble.Input()], outputs, constants), 3), 1);
    }

    private static (byte[], int) Regressed(byte[][] after, byte[][] outputs, byte[][]? constants = null)
    {
        var ensemble = new RandomEnsemble(4, OneTarget);
        return (Model(Graph([ensemble.Regressor(), .. after], [ensemble.Input()], outputs, constants), 3), 1);
    }

    private static (byte[], int) Read(byte[][] before, byte[] input, int type, byte[][]? constants = null)
    {
        var ensemble = new RandomEnsemble(5, OneTarget with { Whole = type == 7 });
        return (Model(Graph([.. before, ensemble.Regressor()], [input], [Value("Y", 1, -1, 1)], constants), 3), type);
    }

    private static void Within(byte[] model, Action<string> test)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-onnxml-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            File.WriteAllBytes(path, model);
            test(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
