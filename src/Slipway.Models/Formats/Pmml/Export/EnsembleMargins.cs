using Slipway.Core;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.Pmml.Export;

/// <summary>The margins of a tree ensemble: each is the sum of those trees that add to it.</summary>
internal sealed class EnsembleMargins : MarginModels
{
    /// <summary>Readers limit how deep elements nest; around a tree, and inside its deepest node, are a few.</summary>
    private const int MaxTreeDepth = ElementReader.MaxDepth - 16;

    private readonly TreeEnsemble _trees;
    private readonly ScaleAndBias? _adjustment;
    private readonly int[] _all;
    private readonly ILookup<int, int> _byOutput;
    private readonly TreeNodesWriter _nodes;
    private readonly ExportProgress _progress;

    /// <exception cref="ModelException">A tree is too deep for a document.</exception>
    public EnsembleMargins(TreeEnsemble trees, ScaleAndBias? adjustment, ExportedFields fields, PmmlWriter writer, ExportProgress progress)
        : base(fields, writer, trees.Arithmetic == TreeArithmetic.Float32)
    {
        var deepest = trees.TreeDepths.IndexOf(trees.MaxDepth);
        if (trees.MaxDepth > MaxTreeDepth) throw new ModelException($"tree {deepest} is {trees.MaxDepth} levels deep; in PMML, where nodes stand inside each other, {MaxTreeDepth} can be read back");
        (_trees, _adjustment, _progress) = (trees, adjustment, progress);
        _all = [.. Enumerable.Range(0, trees.TreeCount)];
        _byOutput = _all.ToLookup(t => trees.TreeOutputs[t]);
        _nodes = new TreeNodesWriter(trees, fields, writer);
    }

    public override int Count => _trees.OutputCount;

    protected override void Write(int margin, string? target, string? field)
    {
        var trees = _trees.HasVectorLeaves ? _all : [.. _byOutput[margin]];
        Writer.Begin("MiningModel", ("functionName", "regression"), ("x-mathContext", MathContext));
        Writer.MiningSchema(target is null ? [] : [target], Fields.NamesOf(FeaturesOf(trees)), texts: Fields.Texts);
        WriteOutput(field);
        var start = _trees.BaseMargins[margin];
        if (_adjustment is not null) WriteAdjustment(target, _adjustment.Scale, _adjustment.Bias[margin]);
        else if (IsFloat) WriteAdjustment(target, 1, start);
        Writer.Begin("Segmentation", ("multipleModelMethod", "sum"));
        var number = 0;
        // A float64 sum would take a target's constant last; as the first summand it comes where the ensemble has it.
        if (trees.Length == 0 || (!IsFloat && start != 0)) WriteStart(++number, IsFloat ? 0 : start);
        foreach (var tree in trees)
        {
            Writer.BeginSegment(++number);
            BeginTree(FeaturesOf([tree]));
            _nodes.Write(tree, margin);
            Writer.End();
            Writer.End();
            _progress.Step();
        }
        Writer.End();
        Writer.End();
    }

    /// <summary>
    /// A target's factor and constant come when the sum is complete. In a float32 sum without a factor the constant is what the sum begins with, as in the library that the
    /// trees are from.
    /// </summary>
    private void WriteAdjustment(string? target, double scale, double constant)
    {
        if (scale == 1 && constant == 0) return;
        Writer.Begin("Targets");
        Writer.Element("Target", ("field", target), ("rescaleFactor", scale == 1 ? null : PmmlWriter.Number(scale)), ("rescaleConstant", constant == 0 ? null : PmmlWriter.Number(constant)));
        Writer.End();
    }

    private void WriteStart(int number, double value)
    {
        Writer.BeginSegment(number);
        BeginTree([]);
        Writer.Begin("Node", ("score", PmmlWriter.Number(value)));
        Writer.Element("True");
        Writer.End();
        Writer.End();
        Writer.End();
    }

    private void BeginTree(int[] features)
    {
        Writer.Begin("TreeModel", ("functionName", "regression"), ("missingValueStrategy", "defaultChild"), ("splitCharacteristic", "binarySplit"), ("x-mathContext", MathContext));
        Writer.MiningSchema([], Fields.NamesOf(features), texts: Fields.Texts);
    }

    private int[] FeaturesOf(int[] trees)
    {
        var features = new SortedSet<int>();
        foreach (var tree in trees)
        {
            for (var node = _trees.TreeStarts[tree]; node < _trees.TreeStarts[tree + 1]; node++)
            {
                if (!_trees.IsLeaf(node)) features.Add(_trees.Features[node]);
            }
        }
        return [.. features];
    }
}
