using Slipway.Models.Trees;

namespace Slipway.Models.Formats.Pmml.Export;

/// <summary>The margins of a linear booster as regressions.</summary>
internal sealed class BoosterMargins(LinearBooster booster, ExportedFields fields, PmmlWriter writer, ExportProgress progress) : MarginModels(fields, writer, isFloat: true)
{
    private readonly string _start = fields.Reserve("intercept");

    public override int Count => booster.BaseMargins.Length;

    /// <summary>
    /// A regression adds its intercept last, the booster has it first, and float32 sums depend on the order: so it is the first predictor, of a field that is 1.
    /// </summary>
    protected override void Write(int margin, string? target, string? field)
    {
        Writer.Begin("RegressionModel", ("functionName", "regression"), ("normalizationMethod", "none"), ("x-mathContext", MathContext));
        // A missing value adds nothing.
        Writer.MiningSchema(target is null ? [] : [target], Fields.Names, missingAs: "0");
        WriteOutput(field);
        Writer.Begin("LocalTransformations");
        Writer.Begin("DerivedField", ("name", _start), ("optype", "continuous"), ("dataType", "float"));
        Writer.Constant("float", "1");
        Writer.End();
        Writer.End();
        Writer.Begin("RegressionTable", ("intercept", "0"));
        Writer.Element("NumericPredictor", ("name", _start), ("coefficient", PmmlWriter.Number((double)(Bias(margin) + booster.BaseMargins[margin]))));
        for (var feature = 0; feature < booster.FeatureCount; feature++)
        {
            Writer.Element("NumericPredictor", ("name", Fields[feature]), ("coefficient", PmmlWriter.Number((double)booster.Weights[(feature * Count) + margin])));
        }
        Writer.End();
        Writer.End();
        progress.Step();
    }

    private float Bias(int margin) => booster.Weights[(booster.FeatureCount * Count) + margin];
}
