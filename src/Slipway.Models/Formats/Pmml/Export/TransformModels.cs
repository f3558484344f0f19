namespace Slipway.Models.Formats.Pmml.Export;

/// <summary>Writes the models that make predictions of margins, which are fields of a chain.</summary>
/// <param name="isFloat">They compute in float32.</param>
internal sealed class TransformModels(ExportedFields fields, PmmlWriter writer, bool isFloat)
{
    /// <summary>Below it the float32 sigmoid is constant: e^88.7 is the last that is finite.</summary>
    private const float LeastLogit = -88.7f;

    private readonly string _numberType = isFloat ? "float" : "double";
    private readonly string? _mathContext = isFloat ? "float" : null;

    public void WriteSigmoid(string margin, string target)
    {
        BeginRegression("regression", "logit", [margin], target);
        if (isFloat)
        {
            var bounded = fields.Reserve($"bounded_{margin}");
            writer.Begin("LocalTransformations");
            BeginDerived(bounded, "continuous", _numberType, "max");
            writer.FieldRef(margin);
            writer.Constant(_numberType, PmmlWriter.Number(LeastLogit));
            EndDerived();
            writer.End();
            margin = bounded;
        }
        WriteTable(margin);
        writer.End();
    }

    public void WriteExponential(string margin, string target)
    {
        BeginRegression("regression", "exp", [margin], target);
        WriteTable(margin);
        writer.End();
    }

    public void WriteStep(string margin, string target)
    {
        BeginTree("regression", [margin], target);
        writer.Begin("Node");
        writer.Element("True");
        WriteLeaf("1", margin, "greaterThan", "0");
        WriteLeaf("0", margin, "lessOrEqual", "0");
        writer.End();
        writer.End();
    }

    /// <param name="probabilities">The outputs, one for each margin.</param>
    public void WriteSoftmax(string[] margins, string target, string[] probabilities)
    {
        BeginRegression("classification", "softmax", margins, target);
        writer.Begin("Output");
        for (var c = 0; c < margins.Length; c++)
        {
            writer.Element("OutputField", ("name", probabilities[c]), ("optype", "continuous"), ("dataType", _numberType), ("feature", "probability"), ("value", PmmlWriter.Number(c)));
        }
        writer.End();
        for (var c = 0; c < margins.Length; c++) WriteTable(margins[c], PmmlWriter.Number(c));
        writer.End();
    }

    /// <summary>The first margin that equals the largest; a softmax would round margins that are nearly equal to equal probabilities.</summary>
    public void WriteLargest(string[] margins, string target)
    {
        BeginTree("classification", margins, target);
        var largest = fields.Reserve("largest_margin");
        var isLargest = margins.Select(m => fields.Reserve($"{m}_is_largest")).ToArray();
        writer.Begin("LocalTransformations");
        BeginDerived(largest, "continuous", _numberType, "max");
        foreach (var margin in margins) writer.FieldRef(margin);
        EndDerived();
        for (var c = 0; c < margins.Length; c++)
        {
            BeginDerived(isLargest[c], "categorical", "boolean", "equal");
            writer.FieldRef(margins[c]);
            writer.FieldRef(largest);
            EndDerived();
        }
        writer.End();
        writer.Begin("Node");
        writer.Element("True");
        for (var c = 0; c < margins.Length; c++) WriteLeaf(PmmlWriter.Number(c), isLargest[c], "equal", "true");
        writer.End();
        writer.End();
    }

    private void BeginRegression(string function, string normalization, string[] margins, string target)
    {
        writer.Begin("RegressionModel", ("functionName", function), ("normalizationMethod", normalization), ("x-mathContext", _mathContext));
        writer.MiningSchema([target], margins);
    }

    private void BeginTree(string function, string[] margins, string target)
    {
        writer.Begin("TreeModel", ("functionName", function), ("x-mathContext", _mathContext));
        writer.MiningSchema([target], margins);
    }

    private void BeginDerived(string name, string opType, string dataType, string function)
    {
        writer.Begin("DerivedField", ("name", name), ("optype", opType), ("dataType", dataType));
        writer.Begin("Apply", ("function", function));
    }

    private void EndDerived()
    {
        writer.End();
        writer.End();
    }

    /// <summary>The margin as it is.</summary>
    private void WriteTable(string margin, string? category = null)
    {
        writer.Begin("RegressionTable", ("intercept", "0"), ("targetCategory", category));
        writer.Element("NumericPredictor", ("name", margin), ("coefficient", "1"));
        writer.End();
    }

    private void WriteLeaf(string score, string field, string comparison, string value)
    {
        writer.Begin("Node", ("score", score));
        writer.Element("SimplePredicate", ("field", field), ("operator", comparison), ("value", value));
        writer.End();
    }
}
