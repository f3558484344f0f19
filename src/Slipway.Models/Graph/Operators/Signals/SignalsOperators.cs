namespace Slipway.Models.Graph;

internal static class SignalsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
