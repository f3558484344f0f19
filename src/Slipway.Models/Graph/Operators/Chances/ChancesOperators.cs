namespace Slipway.Models.Graph;

internal static class ChancesOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("RandomNormal", 1, 0, 0, 1, static n => new RandomFill(n));
        catalog.Add("RandomUniform", 1, 0, 0, 1, static n => new RandomFill(n));
        catalog.Add("RandomNormalLike", 1, 1, 1, 1, static n => new RandomFill(n));
        catalog.Add("RandomUniformLike", 1, 1, 1, 1, static n => new RandomFill(n));
        catalog.Add("Bernoulli", 15, 1, 1, 1, static n => new Bernoulli(n));
        catalog.Add("Multinomial", 7, 1, 1, 1, static n => new Multinomial(n));
        catalog.Add("Dropout", 1, 1, 1, 2, static n => new Dropout(n));
        catalog.Add("Dropout", 12, 1, 3, 2, static n => new Dropout(n));
    }
}
