namespace Slipway.Models.Graph;

internal static class LossesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("NegativeLogLikelihoodLoss", 12, 2, 3, 1, static n => new ClassLoss(n));
        catalog.Add("SoftmaxCrossEntropyLoss", 12, 2, 3, 2, static n => new ClassLoss(n));
    }
}
