using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.H2O;

/// <summary>Makes a library-neutral model of an archive's: inputs, outputs and the encoding between them.</summary>
internal static class MojoImport
{
    public static TreeModelDefinition Import(MojoModel model)
    {
        var header = model.Header;
        var isBooster = model.Encoding is not null && model.Kernel is null;
        var number = isBooster ? ElementType.Float32 : ElementType.Float64;
        var (inputs, plain) = Inputs(header, number);
        return new TreeModelDefinition(new Signature(inputs, Outputs(model, number)), model.Transform)
        {
            Trees = model.Trees,
            TreesPerRound = model.TreesPerRound,
            ScaleAndBias = model.ScaleAndBias,
            Linear = model.Linear,
            Kernel = model.Kernel,
            Function = model.Function,
            Encoder = isBooster ? new BoosterEncoder(plain, model.Encoding!) : plain,
            FeatureNames = isBooster ? [.. model.Encoding!.Names(header)] : header.RowColumns,
            Labels = header.IsClassifier ? new ClassLabels(header.Classes, model.Threshold) : null,
            Facts = MojoFacts.Of(model),
            Unsupported = model.Unsupported,
        };
    }

    /// <summary>One matrix of numbers, or a column for each feature when some are categorical.</summary>
    private static (ImmutableArray<TensorSpec> Inputs, FeatureEncoder Encoder) Inputs(MojoHeader header, ElementType number)
    {
        var columns = header.RowColumns;
        if (!Enumerable.Range(0, columns.Length).Any(header.IsCategorical))
        {
            return ([new TensorSpec("input", number, [-1, columns.Length], Optional: true, Columns: columns)], new MatrixEncoder(columns.Length));
        }
        ImmutableArray<FeatureColumn> features = [.. columns.Select((name, c) => header.IsCategorical(c) ? (FeatureColumn)new CategoryColumn(name, header.DomainOf(c)) : new NumberColumn(name))];
        return ([.. features.Select(f => f.Spec)], new ColumnEncoder(features));
    }

    private static ImmutableArray<TensorSpec> Outputs(MojoModel model, ElementType number)
    {
        if (model.Header.IsClassifier)
        {
            var names = model.Predictions.IsEmpty ? model.Header.Classes : model.Predictions;
            return [new TensorSpec("label", ElementType.Bytes, [-1], AllowedValues: model.Header.Classes), new TensorSpec("probability", number, [-1, names.Length], Columns: names)];
        }
        return [model.Predictions.Length < 2 ? new TensorSpec("prediction", number, [-1]) : new TensorSpec("prediction", number, [-1, model.Predictions.Length], Columns: model.Predictions)];
    }
}
