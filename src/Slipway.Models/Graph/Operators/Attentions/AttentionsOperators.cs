namespace Slipway.Models.Graph;

internal static class AttentionsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
