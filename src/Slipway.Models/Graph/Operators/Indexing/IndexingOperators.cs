namespace Slipway.Models.Graph;

/// <summary>Operators that take or replace elements by their positions.</summary>
internal static class IndexingOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("Gather", 1, minInputs: 2, maxInputs: 2, maxOutputs: 1, static n => new Gather(n));
        catalog.Add("GatherElements", 11, minInputs: 2, maxInputs: 2, maxOutputs: 1, static n => new GatherElements(n));
        catalog.Add("GatherND", 11, minInputs: 2, maxInputs: 2, maxOutputs: 1, static n => new GatherND(n));
        catalog.Add("Scatter", 9, minInputs: 3, maxInputs: 3, maxOutputs: 1, static n => new ScatterElements(n));
        catalog.Add("ScatterElements", 11, minInputs: 3, maxInputs: 3, maxOutputs: 1, static n => new ScatterElements(n));
        catalog.Add("ScatterND", 11, minInputs: 3, maxInputs: 3, maxOutputs: 1, static n => new ScatterND(n));
        catalog.Add("OneHot", 9, minInputs: 3, maxInputs: 3, maxOutputs: 1, static n => new OneHot(n));
        catalog.Add("Compress", 9, minInputs: 2, maxInputs: 2, maxOutputs: 1, static n => new Compress(n));
        catalog.Add("ReverseSequence", 10, minInputs: 2, maxInputs: 2, maxOutputs: 1, static n => new ReverseSequence(n));
        catalog.Add("TensorScatter", 24, minInputs: 2, maxInputs: 3, maxOutputs: 1, static n => new TensorScatter(n));
        catalog.Add("Trilu", 14, minInputs: 1, maxInputs: 2, maxOutputs: 1, static n => new Trilu(n));
    }
}
