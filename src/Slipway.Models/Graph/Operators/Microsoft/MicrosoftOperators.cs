namespace Slipway.Models.Graph;

internal static class MicrosoftOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
