namespace Slipway.Models.Graph;

internal static class PoolingOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("MaxPool", 1, 1, 1, 2, static n => new MaxPool(n));
        catalog.Add("AveragePool", 1, 1, 1, 1, static n => new AveragePool(n));
        catalog.Add("LpPool", 1, 1, 1, 1, static n => new LpPool(n));
        catalog.Add("GlobalAveragePool", 1, 1, 1, 1, static n => new GlobalPool(n, GlobalPoolKind.Average));
        catalog.Add("GlobalMaxPool", 1, 1, 1, 1, static n => new GlobalPool(n, GlobalPoolKind.Max));
        catalog.Add("GlobalLpPool", 1, 1, 1, 1, static n => new GlobalPool(n, GlobalPoolKind.Norm));
        catalog.Add("MaxUnpool", 9, 2, 3, 1, static n => new MaxUnpool(n));
    }
}
