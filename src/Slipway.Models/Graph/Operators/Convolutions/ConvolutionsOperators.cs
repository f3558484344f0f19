namespace Slipway.Models.Graph;

internal static class ConvolutionsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
