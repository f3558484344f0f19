namespace Slipway.Models.Graph;

internal static class PoolingOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
