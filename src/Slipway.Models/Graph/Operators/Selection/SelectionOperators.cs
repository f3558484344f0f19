namespace Slipway.Models.Graph;

internal static class SelectionOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
