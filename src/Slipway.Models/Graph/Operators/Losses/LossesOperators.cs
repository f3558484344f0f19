namespace Slipway.Models.Graph;

internal static class LossesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
