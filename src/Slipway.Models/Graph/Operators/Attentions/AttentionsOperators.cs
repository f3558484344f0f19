namespace Slipway.Models.Graph;

internal static class AttentionsOperators
{
    public static void Register(OperatorCatalog catalog)
    {
        catalog.Add("Attention", 23, 3, 6, 4, static n => new Attention(n));
        catalog.Add("Attention", 24, 3, 7, 4, static n => new Attention(n));
        catalog.Add("RotaryEmbedding", 23, 3, 4, 1, static n => new RotaryEmbedding(n));
        catalog.Add("LinearAttention", 27, 3, 6, 2, static n => new LinearAttention(n));
        catalog.Add("CausalConvWithState", 27, 2, 4, 2, static n => new CausalConvolution(n));
    }
}
