namespace Slipway.Models.Graph;

/// <summary>Operators that run bodies.</summary>
internal static class ControlOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("If", 1, minInputs: 1, maxInputs: 1, maxOutputs: int.MaxValue, static n => new If(n));
        catalog.Add("Loop", 1, minInputs: 0, maxInputs: int.MaxValue, maxOutputs: int.MaxValue, static n => new Loop(n));
        catalog.Add("Scan", 8, minInputs: 0, maxInputs: int.MaxValue, maxOutputs: int.MaxValue, static n => new BatchedScan(n));
        catalog.Add("Scan", 9, minInputs: 1, maxInputs: int.MaxValue, maxOutputs: int.MaxValue, static n => new Scan(n));
    }
}
