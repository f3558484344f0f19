using System.Xml.Linq;
using Slipway.Core;
using Slipway.Models.Formats.Pmml.Export;
using Slipway.Models.Trees;
using Slipway.Tests.Models.Trees;

namespace Slipway.Tests.Models.Pmml.Export;

public class PmmlExportTests
{
    /// <summary>The order of child elements in the PMML 4.4 schema, of the elements that are written.</summary>
    private static readonly Dictionary<string, string[]> Order = new(StringComparer.Ordinal)
    {
        ["PMML"] = ["Header", "DataDictionary", "TransformationDictionary", "MiningModel RegressionModel"],
        ["MiningModel"] = ["MiningSchema", "Output", "Targets", "LocalTransformations", "Segmentation"],
        ["TreeModel"] = ["MiningSchema", "Output", "Targets", "LocalTransformations", "Node"],
        ["RegressionModel"] = ["MiningSchema", "Output", "Targets", "LocalTransformations", "RegressionTable"],
        ["Segment"] = ["True", "MiningModel TreeModel RegressionModel"],
        ["Node"] = ["True SimplePredicate SimpleSetPredicate", "Node"],
    };

    private static readonly string[] NeverEmpty = ["DataDictionary", "MiningSchema", "Output", "Targets", "LocalTransformations", "TransformationDictionary", "Segmentation"];

    public static TheoryData<MarginTransform, int> Transforms =>
    [
        (MarginTransform.Identity, 1), (MarginTransform.Identity, 3), (MarginTransform.Sigmoid, 1), (MarginTransform.Sigmoid, 2), (MarginTransform.Exponential, 1),
        (MarginTransform.Step, 1), (MarginTransform.Softmax, 3), (MarginTransform.ArgMax, 3),
    ];

    [Fact]
    public void Document_of_a_tree_is_this()
    {
        var trees = new TreeEnsembleBuilder(2, 1, TreeArithmetic.Float32).BaseMargins(0.5)
            .BeginTree(5).Split(0, 1, 1.5, 3, 4, defaultLeft: false).Leaf(3, 0.1).CategoricalSplit(4, 0, [2, 7], 1, 2, defaultLeft: true).Leaf(1, -2).Leaf(2, 3e-8).EndTree().Build();
        Assert.Equal("""
            <?xml version="1.0" encoding="utf-8"?>
            <PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4">
             <Header>
              <Application name="Slipway" />
             </Header>
             <DataDictionary>
              <DataField name="f0" optype="categorical" dataType="integer" />
              <DataField name="f1" optype="continuous" dataType="float" />
              <DataField name="prediction" optype="continuous" dataType="float" />
             </DataDictionary>
             <MiningModel functionName="regression" x-mathContext="float">
              <MiningSchema>
               <MiningField name="prediction" usageType="target" />
               <MiningField name="f0" />
               <MiningField name="f1" />
              </MiningSchema>
              <Targets>
               <Target field="prediction" rescaleConstant="0.5" />
              </Targets>
              <Segmentation multipleModelMethod="sum">
               <Segment id="1">
                <True />
                <TreeModel functionName="regression" missingValueStrategy="defaultChild" splitCharacteristic="binarySplit" x-mathContext="float">
                 <MiningSchema>
                  <MiningField name="f0" />
                  <MiningField name="f1" />
                 </MiningSchema>
                 <Node id="0" defaultChild="4">
                  <True />
                  <Node id="3" score="0.1">
                   <SimplePredicate field="f1" operator="lessThan" value="1.5" />
                  </Node>
                  <Node id="4" defaultChild="1">
                   <SimplePredicate field="f1" operator="greaterOrEqual" value="1.5" />
                   <Node id="1" score="-2">
                    <SimpleSetPredicate field="f0" booleanOperator="isNotIn">
                     <Array type="int" n="2">2 7</Array>
                    </SimpleSetPredicate>
                   </Node>
                   <Node id="2" score="3E-08">
                    <SimpleSetPredicate field="f0" booleanOperator="isIn">
                     <Array type="int" n="2">2 7</Array>
                    </SimpleSetPredicate>
                   </Node>
                  </Node>
                 </Node>
                </TreeModel>
               </Segment>
              </Segmentation>
             </MiningModel>
            </PMML>
            """, Exported.Write(Exported.Define(trees)));
    }

    [Theory, MemberData(nameof(Transforms))]
    public void Elements_are_in_the_order_of_the_schema(MarginTransform transform, int outputs)
    {
        Check(Exported.Write(Exported.Define(RandomForests.Make(1, trees: 5, maxDepth: 3, outputs: outputs, categories: new Categories(5)), transform)));
        Check(Exported.Write(Exported.Define(new TreeEnsembleBuilder(1, outputs, TreeArithmetic.Float32).BaseMargins(0.5).Build(), transform)));
        Check(Exported.Write(Exported.Define(new LinearBooster(2, [.. new float[3 * outputs]], [.. new float[outputs]]), transform)));

        static void Check(string document)
        {
            foreach (var element in XDocument.Parse(document).Descendants())
            {
                var name = element.Name.LocalName;
                if (NeverEmpty.Contains(name)) Assert.NotEmpty(element.Elements());
                if (!Order.TryGetValue(name, out var order)) continue;
                int[] places = [.. element.Elements().Select(child => Array.FindIndex(order, o => o.Split(' ').Contains(child.Name.LocalName)))];
                Assert.DoesNotContain(-1, places);
                Assert.Equal(places.Order(), places);
            }
        }
    }

    [Fact]
    public void Names_survive_whatever_they_are()
    {
        string[] names = ["a<b & \"c\"", "prediction", "margin", " line\nbreak\ttab ", "größe 尺寸"];
        var trees = RandomForests.Make(3, features: names.Length);
        var definition = Named(Exported.Define(trees, MarginTransform.Sigmoid), names);
        using var exported = new Exported(definition);
        Assert.Equal(names, exported.Signature.Inputs.Select(i => i.Name));
        Assert.Equal(["prediction_2"], exported.Signature.Outputs.Select(o => o.Name));
        Assert.InRange(exported.WorstUlps(RandomForests.Rows(3, 50, names.Length)), 0, 1);
    }

    [Theory]
    [InlineData("a", "a", "feature 1 is named 'a' as one before it")]
    [InlineData("a", "", "feature 1 has an empty name")]
    [InlineData("\u0001", "b", "feature 0 has a name with a character that XML does not know")]
    public void Names_that_no_field_can_have_are_refused(string first, string second, string expected)
    {
        var trees = new TreeEnsembleBuilder(2, 1, TreeArithmetic.Float32).Build();
        var error = Assert.Throws<ModelException>(() => Exported.Write(Named(Exported.Define(trees), [first, second])));
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Outputs_name_that_no_field_can_have_is_refused()
    {
        var definition = Exported.Define(RandomForests.Make(1));
        var named = definition with { Signature = new Signature(definition.Signature.Inputs, [definition.Signature.Outputs[0] with { Name = "a\uD800" }]) };
        Assert.Contains("an output has a name with a character that XML does not know", Assert.Throws<ModelException>(() => Exported.Write(named)).Message);
    }

    [Theory]
    [InlineData(MarginTransform.Ascending, 3, "sorted row by row")]
    [InlineData(MarginTransform.Softmax, 1, "it has one class")]
    [InlineData(MarginTransform.ArgMax, 1, "it has one class")]
    public void Transforms_that_PMML_cannot_say_are_refused(MarginTransform transform, int outputs, string expected)
    {
        var error = Assert.Throws<ModelException>(() => Exported.Write(Exported.Define(RandomForests.Make(1, outputs: outputs), transform)));
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void Models_that_cannot_be_run_are_refused_with_their_reasons()
    {
        var definition = Exported.Define(RandomForests.Make(1)) with { Unsupported = ["one thing", "another"] };
        Assert.Equal("one thing; another", Assert.Throws<ModelException>(() => Exported.Write(definition)).Message);
    }

    [Fact]
    public void Deepest_tree_that_is_written_reads_back_and_one_level_more_is_refused()
    {
        const int deepest = 984;
        using var exported = new Exported(Exported.Define(Vine(deepest)));
        Assert.Equal(0, exported.WorstUlps([-1, 0.5f, deepest / 2, deepest, float.NaN]));
        var error = Assert.Throws<ModelException>(() => Exported.Write(Exported.Define(Vine(deepest + 1))));
        Assert.StartsWith("tree 0 is 985 levels deep", error.Message);
    }

    [Fact]
    public void Float64_threshold_splits_float32_values_where_it_did()
    {
        double[] thresholds = [0.1, -0.1, 1 + 1e-12, 1 - 1e-12, 1e300, -1e300, double.PositiveInfinity, double.NegativeInfinity];
        var builder = new TreeEnsembleBuilder(1, 1, TreeArithmetic.Float32);
        for (var i = 0; i < thresholds.Length; i++) builder.BeginTree(3).Split(0, 0, thresholds[i], 1, 2, true).Leaf(1, 1 << i).Leaf(2, 0).EndTree();
        using var exported = new Exported(Exported.Define(builder.Build()));
        float[] near = [0.1f, -0.1f, 1, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity];
        Assert.Equal(0, exported.WorstUlps([.. near, .. near.Select(MathF.BitIncrement).Where(float.IsFinite), .. near.Select(MathF.BitDecrement).Where(float.IsFinite)]));
    }

    [Fact]
    public void Sigmoid_of_a_very_low_margin_is_not_zero()
    {
        var trees = new TreeEnsembleBuilder(1, 1, TreeArithmetic.Float32).BeginTree(3).Split(0, 0, 0, 1, 2, true).Leaf(1, -500).Leaf(2, -88.71).EndTree().Build();
        using var exported = new Exported(Exported.Define(trees, MarginTransform.Sigmoid));
        Assert.InRange(exported.WorstUlps([-1, 1]), 0, 1);
    }

    [Theory]
    [InlineData(0.01f, 0.010000001f, 1)]
    [InlineData(0.01f, 0.01f, 0)]
    [InlineData(-0.01f, -0.010000001f, 0)]
    public void Largest_margin_wins_however_little_it_is_larger_and_the_first_of_equals(float first, float second, int expected)
    {
        var trees = new TreeEnsembleBuilder(1, 2, TreeArithmetic.Float32).BaseMargins(first, second).Build();
        using var exported = new Exported(Exported.Define(trees, MarginTransform.ArgMax));
        using var answers = exported.Answers([0d], 1);
        Assert.Equal(expected, answers["prediction"].NumberAt(0));
    }

    [Fact]
    public void Write_reports_how_far_it_is_and_stops_when_asked()
    {
        var definition = Exported.Define(RandomForests.Make(1, trees: 4, outputs: 2, vectorLeaves: true));
        var shares = new List<double>();
        PmmlExport.Write(definition, Stream.Null, shares.Add);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => i / 8.0), shares);

        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => PmmlExport.Write(definition, Stream.Null, share =>
        {
            if (share >= 0.5) source.Cancel();
        }, source.Token));
    }

    /// <summary>x below 1, else below 2, …: a leaf at every level.</summary>
    private static TreeEnsemble Vine(int depth)
    {
        var builder = new TreeEnsembleBuilder(1, 1, TreeArithmetic.Float32).BeginTree((2 * depth) + 1);
        for (var level = 0; level < depth; level++) builder.Split(2 * level, 0, level + 1, (2 * level) + 1, (2 * level) + 2, defaultLeft: false).Leaf((2 * level) + 1, level);
        return builder.Leaf(2 * depth, depth).EndTree().Build();
    }

    private static TreeModelDefinition Named(TreeModelDefinition definition, string[] names)
    {
        var input = definition.Signature.Inputs[0];
        return definition with { Signature = new Signature([input with { Columns = [.. names] }], definition.Signature.Outputs) };
    }
}
