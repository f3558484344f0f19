namespace Slipway.Models.Graph;

internal static class ElementwiseOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
