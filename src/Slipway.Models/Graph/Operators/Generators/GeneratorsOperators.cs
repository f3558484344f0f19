namespace Slipway.Models.Graph;

internal static class GeneratorsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
