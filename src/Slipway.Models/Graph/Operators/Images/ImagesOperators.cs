namespace Slipway.Models.Graph;

internal static class ImagesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
