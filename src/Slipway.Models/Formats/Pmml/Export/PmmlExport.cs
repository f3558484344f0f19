using Slipway.Core;
using Slipway.Models.Packages;
using Slipway.Models.Trees;
using Slipway.Models.Trees.Features;

namespace Slipway.Models.Formats.Pmml.Export;

/// <summary>
/// Writes tree ensembles and linear boosters as PMML 4.4 (Data Mining Group), for other engines and for keeping. <see cref="PmmlRuntime"/> reads it back with the
/// same numbers: margins bit for bit; sigmoids, exponentials and softmaxes within a few units in the last place of float32, as exponentials are rounded differently.
/// </summary>
public static class PmmlExport
{
    /// <summary>Writes the model of a package; fields have the names that the package gives the model's columns.</summary>
    /// <param name="output">Stays open.</param>
    /// <param name="report">Gets the share that is done, 0 to 1.</param>
    /// <exception cref="ModelException">The model is damaged, of a kind that is not exported, or says something that PMML cannot.</exception>
    /// <exception cref="SpecException">The package's <c>model.yaml</c> does not agree with the model.</exception>
    public static void Write(ModelPackage package, Stream output, Action<double>? report = null, CancellationToken cancellation = default)
    {
        var file = Path.GetFileName(package.ArtifactPath);
        if (package.Runtime is not TreesRuntime) throw new ModelException($"{file}: models of the runtime '{package.Runtime.Name}' are not written as PMML; tree ensembles and linear boosters of the runtime 'trees' are");
        var definition = TreesRuntime.Read(package.ArtifactPath);
        try
        {
            Write(definition with { Signature = package.Refine(definition.Signature) }, output, report, cancellation);
        }
        catch (ModelException e)
        {
            throw new ModelException($"{file}: {e.Message}", e);
        }
    }

    /// <inheritdoc cref="Write(ModelPackage, Stream, Action{double}?, CancellationToken)"/>
    internal static void Write(TreeModelDefinition definition, Stream output, Action<double>? report = null, CancellationToken cancellation = default)
    {
        if (!definition.Unsupported.IsEmpty) throw new ModelException(string.Join("; ", definition.Unsupported));
        Require(definition);
        var fields = new ExportedFields(definition);
        using var writer = new PmmlWriter(output);
        var margins = Margins(definition, fields, writer, report, cancellation);
        var model = new PredictionModel(definition, fields, margins, writer);
        writer.Begin("PMML", ("version", "4.4"));
        writer.Begin("Header");
        writer.Element("Application", ("name", "Slipway"));
        writer.End();
        writer.Begin("DataDictionary");
        fields.WriteDataFields(writer);
        model.WriteDataFields();
        writer.End();
        fields.WriteDerivedFields(writer);
        model.Write();
        writer.End();
    }

    private static void Require(TreeModelDefinition definition)
    {
        if (definition.Kernel is not null) throw new ModelException("only tree ensembles and linear boosters are written as PMML");
        if (definition.Encoder is not null and not ColumnEncoder { IsPlain: true }) throw new ModelException("features that are made of the inputs (zeros that are missing, statistics of categories) are not written as PMML");
        if (definition is { ScaleAndBias: not null, Trees.Arithmetic: TreeArithmetic.Float32 }) throw new ModelException("a factor and a constant of a float32 sum are not written as PMML");
        if (definition.Trees is { HasLinearLeaves: true }) throw new ModelException("linear leaves are not written as PMML");
        if (definition.Function is not null || definition.Labels is not null || definition.MarginScale != 1 || definition.Transform is MarginTransform.SignedSquare or MarginTransform.Softplus or MarginTransform.BinaryProbabilities or MarginTransform.Increments)
        {
            throw new ModelException("what its objective makes of the margins is not written as PMML");
        }
    }

    private static MarginModels Margins(TreeModelDefinition definition, ExportedFields fields, PmmlWriter writer, Action<double>? report, CancellationToken cancellation)
    {
        if (definition.Linear is { } linear) return new BoosterMargins(linear, fields, writer, new ExportProgress(linear.BaseMargins.Length, report, cancellation));
        var trees = definition.Trees!;
        return new EnsembleMargins(trees, definition.ScaleAndBias, fields, writer, new ExportProgress(trees.TreeCount * (trees.HasVectorLeaves ? trees.OutputCount : 1), report, cancellation));
    }
}
