namespace Slipway.Models.Graph;

/// <summary>Operators that choose elements by what they are.</summary>
internal static class SelectionOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("TopK", 1, minInputs: 1, maxInputs: 1, maxOutputs: 2, static n => new TopK(n));
        catalog.Add("TopK", 10, minInputs: 2, maxInputs: 2, maxOutputs: 2, static n => new TopK(n));
        catalog.Add("Unique", 11, minInputs: 1, maxInputs: 1, maxOutputs: 4, static n => new Unique(n));
        catalog.Add("NonZero", 9, minInputs: 1, maxInputs: 1, maxOutputs: 1, static _ => new NonZero());
        catalog.Add("NonMaxSuppression", 10, minInputs: 2, maxInputs: 5, maxOutputs: 1, static n => new NonMaxSuppression(n));
    }
}
