namespace Slipway.Models.Graph;

internal static class MatricesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
