namespace Slipway.Models.Graph;

internal static class QuantizationOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("QuantizeLinear", 10, 2, 3, 1, static n => new QuantizeLinear(n));
        catalog.Add("DequantizeLinear", 10, 2, 3, 1, static n => new DequantizeLinear(n));
        catalog.Add("DynamicQuantizeLinear", 11, 1, 1, 3, static n => new DynamicQuantizeLinear());
        catalog.Add("MatMulInteger", 10, 2, 4, 1, static n => new MatMulInteger(n));
        catalog.Add("QLinearMatMul", 10, 8, 8, 1, static n => new QLinearMatMul());
    }
}
