namespace Slipway.Models.Graph;

internal static class TextsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
