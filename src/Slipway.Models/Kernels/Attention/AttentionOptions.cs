namespace Slipway.Models.Kernels;

/// <summary>What happens to the scores of an attention before the softmax.</summary>
/// <param name="Scale">Of the products of queries and keys.</param>
/// <param name="Cap">Scores become cap · tanh(score / cap); 0 for none.</param>
/// <param name="CapAfterMask">The mask is added before the cap is applied, not after.</param>
/// <param name="IsCausal">A query sees its own key and those before it.</param>
/// <param name="CausalOffset">The key that the first query stands at, when <paramref name="IsCausal"/>: the length of what came before.</param>
/// <param name="HiddenIsNaN">A query that sees no key gets not-a-number, as a softmax by itself gives, and not zeros.</param>
internal readonly record struct AttentionOptions(float Scale, float Cap = 0, bool CapAfterMask = false, bool IsCausal = false, int CausalOffset = 0, bool HiddenIsNaN = false);
