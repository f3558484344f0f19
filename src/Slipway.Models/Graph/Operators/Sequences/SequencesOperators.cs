namespace Slipway.Models.Graph;

internal static class SequencesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
    }
}
