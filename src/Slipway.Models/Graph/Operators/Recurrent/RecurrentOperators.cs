namespace Slipway.Models.Graph;

internal static class RecurrentOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
