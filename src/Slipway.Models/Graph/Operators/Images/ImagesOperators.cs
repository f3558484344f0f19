namespace Slipway.Models.Graph;

internal static class ImagesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("Upsample", 1, 1, 1, 1, static n => new Resize(n, ResizeSampling.Early(n), -1, -1, -1, [1, 1, n.Float("height_scale"), n.Float("width_scale")]));
        catalog.Add("Upsample", 7, 1, 1, 1, static n => new Resize(n, ResizeSampling.Early(n), -1, -1, -1, n.Floats("scales") ?? throw n.Wrong("attribute 'scales' is missing")));
        catalog.Add("Upsample", 9, 2, 2, 1, static n => new Resize(n, ResizeSampling.Early(n), -1, 1, -1));
        catalog.Add("Resize", 10, 2, 2, 1, static n => new Resize(n, ResizeSampling.Early(n), -1, 1, -1));
        catalog.Add("Resize", 11, 1, 4, 1, static n => new Resize(n, ResizeSampling.Of(n), 1, 2, 3));
        catalog.Add("GridSample", 16, 2, 2, 1, static n => new GridSample(n));
        catalog.Add("AffineGrid", 20, 2, 2, 1, static n => new AffineGrid(n));
        catalog.Add("RoiAlign", 10, 3, 3, 1, static n => new RoiAlign(n, halfPixel: false));
        catalog.Add("RoiAlign", 16, 3, 3, 1, static n => new RoiAlign(n, halfPixel: true));
        catalog.Add("ImageDecoder", 20, 1, 1, 1, static n => new ImageDecoder(n));
        catalog.Add("MaxRoiPool", 1, 2, 2, 1, static n => new MaxRoiPool(n));
    }
}
