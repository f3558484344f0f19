namespace Slipway.Models.Graph;

internal static class ChancesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
