namespace Slipway.Models.Graph;

internal static class IndexingOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
