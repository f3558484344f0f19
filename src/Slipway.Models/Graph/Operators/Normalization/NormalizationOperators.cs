namespace Slipway.Models.Graph;

internal static class NormalizationOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("BatchNormalization", 1, 5, 5, 5, static n => new BatchNormalization(n));
        catalog.Add("BatchNormalization", 14, 5, 5, 3, static n => new BatchNormalization(n));
        catalog.Add("InstanceNormalization", 1, 3, 3, 1, static n => new InstanceNormalization(n));
        catalog.Add("GroupNormalization", 18, 3, 3, 1, static n => new InstanceNormalization(n));
        catalog.Add("LayerNormalization", 17, 2, 3, 3, static n => new LayerNormalization(n));
        catalog.Add("RMSNormalization", 23, 2, 2, 1, static n => new LayerNormalization(n));
        catalog.Add("LRN", 1, 1, 1, 1, static n => new LocalResponseNormalization(n));
        catalog.Add("LpNormalization", 1, 1, 1, 1, static n => new LpNormalization(n));
        catalog.Add("MeanVarianceNormalization", 1, 1, 1, 1, static n => new MeanVarianceNormalization(n));
    }
}
