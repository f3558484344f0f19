namespace Slipway.Models.Graph;

internal static class QuantizationOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
