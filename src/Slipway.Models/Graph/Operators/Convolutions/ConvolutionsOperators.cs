namespace Slipway.Models.Graph;

internal static class ConvolutionsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("Conv", 1, 2, 3, 1, static n => new Conv(n));
        catalog.Add("ConvTranspose", 1, 2, 3, 1, static n => new ConvTranspose(n));
        catalog.Add("ConvInteger", 10, 2, 4, 1, static n => new IntegerConv(n, isScaled: false));
        catalog.Add("QLinearConv", 10, 8, 9, 1, static n => new IntegerConv(n, isScaled: true));
        catalog.Add("DeformConv", 19, 3, 5, 1, static n => new DeformConv(n));
        catalog.Add("Col2Im", 18, 3, 3, 1, static n => new Col2Im(n));
    }
}
