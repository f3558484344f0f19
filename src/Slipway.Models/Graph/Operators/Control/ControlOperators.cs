namespace Slipway.Models.Graph;

internal static class ControlOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
