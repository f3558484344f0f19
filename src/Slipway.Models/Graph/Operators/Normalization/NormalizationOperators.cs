namespace Slipway.Models.Graph;

internal static class NormalizationOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
