namespace Slipway.Models.Graph;

/// <summary>Operators that make tensors of nothing but numbers and shapes.</summary>
internal static class GeneratorsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("Constant", 1, minInputs: 0, maxInputs: 0, maxOutputs: 1, static n => new ConstantNode(n));
        catalog.Add("ConstantOfShape", 9, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new ConstantOfShape(n));
        catalog.Add("ConstantFill", 1, minInputs: 0, maxInputs: 1, maxOutputs: 1, static n => new ConstantFill(n));
        catalog.Add("Range", 11, minInputs: 3, maxInputs: 3, maxOutputs: 1, static _ => new NumberRange());
        catalog.Add("EyeLike", 9, minInputs: 1, maxInputs: 1, maxOutputs: 1, static n => new EyeLike(n));
    }
}
