namespace Slipway.Models.Graph;

internal static class ConversionsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("Cast", 1, 1, 1, 1, static n => new Cast(n));
        catalog.Add("CastLike", 15, 2, 2, 1, static n => new Cast(n));
        catalog.Add("BitCast", 26, 1, 1, 1, static n => new BitCast(n));
    }
}
