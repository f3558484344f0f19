namespace Slipway.Models.Graph;

internal static class LearningOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
