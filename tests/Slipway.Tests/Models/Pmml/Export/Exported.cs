using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Formats.Pmml.Export;
using Slipway.Models.Rows;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Features;

namespace Slipway.Tests.Models.Pmml.Export;

/// <summary>A tree model beside what its exported PMML says, for the same rows.</summary>
internal sealed class Exported : IDisposable
{
    private readonly TreeModelDefinition _definition;
    private readonly RowProgramModel _read;

    public Exported(TreeModelDefinition definition)
    {
        _definition = definition;
        Document = Write(definition);
        _read = PmmlTest.Open(Document);
    }

    public string Document { get; }

    public Signature Signature => _read.Signature;

    public static string Write(TreeModelDefinition definition)
    {
        using var stream = new MemoryStream();
        PmmlExport.Write(definition, stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>A definition of trees with the names that readers give: f0, f1, … in, <c>prediction</c> or <c>target_0</c>, … out.</summary>
    public static TreeModelDefinition Define(TreeEnsemble trees, MarginTransform transform = MarginTransform.Identity) =>
        new(SignatureOf(trees.FeatureCount, transform.OutputsFor(trees.OutputCount), trees.Arithmetic == TreeArithmetic.Float32 ? ElementType.Float32 : ElementType.Float64), transform) { Trees = trees };

    /// <inheritdoc cref="Define(TreeEnsemble, MarginTransform)"/>
    public static TreeModelDefinition Define(LinearBooster booster, MarginTransform transform = MarginTransform.Identity) =>
        new(SignatureOf(booster.FeatureCount, transform.OutputsFor(booster.BaseMargins.Length), ElementType.Float32), transform) { Linear = booster };

    /// <summary>Scores rows with both, the exported model as a batch and row by row, which must agree bit for bit.</summary>
    /// <param name="rows">Row-major; NaN is missing.</param>
    /// <returns>The largest difference in units in the last place of float32.</returns>
    public long WorstUlps(ReadOnlySpan<float> rows)
    {
        var features = _definition.Trees?.FeatureCount ?? _definition.Linear!.FeatureCount;
        var count = rows.Length / features;
        using var model = TreesModel.Compile(_definition, RuntimeOptions.Default);
        using var inputs = _definition.Encoder is null ? new Batch(Tensor.Of<float>("input", rows, count, features)) : InputBinding.Bind(_definition.Signature, Columns(rows, features));
        using var expected = model.Run(inputs);
        using var answers = _read.Run(Columns(rows, features));
        AssertSinglyTheSame(rows, features, answers);
        var names = OutputNames();
        var worst = 0L;
        for (var row = 0; row < count; row++)
        {
            for (var output = 0; output < names.Length; output++)
            {
                var answer = names.Length == answers.Count ? answers[output] : answers[names[output]];
                Assert.False(answer.IsMissing(row), $"row {row} has no {names[output]}");
                worst = Math.Max(worst, Ulps(expected[0].Values<float>()[(row * names.Length) + output], (float)answer.NumberAt(row)));
            }
        }
        return worst;
    }

    /// <summary>The exported model's answers to rows of float64, one tensor an output.</summary>
    public Batch Answers(ReadOnlySpan<double> rows, int features) => _read.Run(Columns(rows, features));

    public void Dispose() => _read.Dispose();

    private static Signature SignatureOf(int features, int outputs, ElementType type)
    {
        var input = new TensorSpec("input", type, [-1, features], Optional: true, [.. Enumerable.Range(0, features).Select(f => $"f{f}")]);
        return outputs == 1
            ? new Signature([input], [new TensorSpec("prediction", type, [-1])])
            : new Signature([input], [new TensorSpec("prediction", type, [-1, outputs], Columns: [.. Enumerable.Range(0, outputs).Select(o => $"target_{o}")])]);
    }

    private ImmutableArray<string> OutputNames()
    {
        var prediction = _definition.Signature.Outputs[0];
        return prediction.Columns.IsEmpty ? [prediction.Name] : prediction.Columns;
    }

    private Batch Columns<T>(ReadOnlySpan<T> rows, int features) where T : unmanaged
    {
        var count = rows.Length / features;
        var batch = new Batch();
        var names = _definition.FeatureNames;
        for (var f = 0; f < features; f++)
        {
            if (_definition.Encoder is ColumnEncoder encoder && encoder.Columns[f] is CategoryColumn texts)
            {
                var cells = new string?[count];
                for (var row = 0; row < count; row++) cells[row] = TextOf(texts, Convert.ToDouble(rows[(row * features) + f], CultureInfo.InvariantCulture));
                batch.Add(Tensor.OfText(names[f], cells));
                continue;
            }
            var column = new T[count];
            for (var row = 0; row < count; row++) column[row] = rows[(row * features) + f];
            batch.Add(Tensor.Of<T>(names[f], column, count));
        }
        return batch;
    }

    private void AssertSinglyTheSame(ReadOnlySpan<float> rows, int features, Batch answers)
    {
        var scorer = _read.CreateScorer();
        var names = _definition.FeatureNames;
        var texts = (_definition.Encoder as ColumnEncoder)?.Columns;
        var feature = Enumerable.Range(0, scorer.InputCount).Select(i => names.IndexOf(scorer.InputName(i))).ToArray();
        for (var row = 0; row < rows.Length / features; row++)
        {
            for (var i = 0; i < feature.Length; i++)
            {
                var value = rows[(row * features) + feature[i]];
                if (float.IsNaN(value)) scorer.SetMissing(i);
                else if (texts?[feature[i]] is CategoryColumn column) SetText(scorer, i, TextOf(column, value));
                else scorer.Set(i, value);
            }
            scorer.Score();
            for (var output = 0; output < scorer.OutputCount; output++)
            {
                Assert.True(scorer.TryGetNumber(output, out var number));
                Assert.Equal(BitConverter.DoubleToInt64Bits(answers[scorer.OutputName(output)].NumberAt(row)), BitConverter.DoubleToInt64Bits(number));
            }
        }
    }

    private static void SetText(RowScorer scorer, int input, string? text)
    {
        if (text is null) scorer.SetMissing(input);
        else scorer.Set(input, text);
    }

    /// <summary>The category of a place; beyond the list one that is not in it.</summary>
    private static string? TextOf(CategoryColumn column, double place) => double.IsNaN(place) ? null : place < column.Categories.Count ? column.Categories[(int)place] : "no such category";

    private static long Ulps(float a, float b) => float.IsNaN(a) && float.IsNaN(b) ? 0 : Math.Abs((long)Ordered(a) - Ordered(b));

    private static int Ordered(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return bits < 0 ? int.MinValue - bits : bits;
    }
}
