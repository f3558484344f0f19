namespace Slipway.Models.Graph;

internal static class ShapesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
