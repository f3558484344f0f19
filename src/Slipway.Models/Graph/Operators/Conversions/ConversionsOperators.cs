namespace Slipway.Models.Graph;

internal static class ConversionsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
