namespace Slipway.Models.Graph;

internal static class ConvolutionsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("Conv", 1, 2, 3, 1, static n => new Conv(n));
    }
}
