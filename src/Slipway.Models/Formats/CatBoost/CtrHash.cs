namespace Slipway.Models.Formats.CatBoost;

/// <summary>Hashes of categories, and their combination to the hash of a projection.</summary>
internal static class CtrHash
{
    private const ulong Factor = 0x4906ba494954cb65;

    /// <summary>The hash of a category; one-hot values and CTRs know it by that.</summary>
    public static int OfCategory(ReadOnlySpan<byte> text) => (int)(uint)CityHash.Hash64(text);

    /// <summary>Takes a category's hash (its sign extended) or the outcome of a test up into the hash of a row; the first into 0.</summary>
    public static ulong Combine(ulong hash, int value) => Factor * (hash + (Factor * (ulong)value));
}
