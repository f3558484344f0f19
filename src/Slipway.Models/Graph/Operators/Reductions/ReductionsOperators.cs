namespace Slipway.Models.Graph;

internal static class ReductionsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
