using System.Buffers;
using System.Numerics;

namespace Slipway.Models.Rows.Transformations;

/// <summary>How often words occur in a text.</summary>
internal static class WordFrequency
{
    /// <summary>Another in every process, so that no text can be made to collide.</summary>
    private static readonly ulong Seed = (ulong)HashCode.Combine(4) << 32 | (uint)HashCode.Combine(5) | 1;

    /// <summary>Occurrences of the most frequent word. Words are told apart by 64-bit hashes.</summary>
    public static int Highest(ReadOnlySpan<char> text, in TokenList words, bool ignoreCase)
    {
        var hashes = ArrayPool<ulong>.Shared.Rent(Math.Max(1, words.Count));
        for (var i = 0; i < words.Count; i++) hashes[i] = Hash(text.Slice(words[i].Start, words[i].Length), ignoreCase);
        hashes.AsSpan(0, words.Count).Sort();
        var (most, run) = (0, 0);
        for (var i = 0; i < words.Count; i++)
        {
            run = i > 0 && hashes[i] == hashes[i - 1] ? run + 1 : 1;
            most = Math.Max(most, run);
        }
        ArrayPool<ulong>.Shared.Return(hashes);
        return most;
    }

    private static ulong Hash(ReadOnlySpan<char> word, bool ignoreCase)
    {
        var hash = Seed ^ (uint)word.Length;
        foreach (var letter in word)
        {
            var high = Math.BigMul(hash ^ (ignoreCase ? char.ToUpperInvariant(letter) : letter), 0x9E3779B97F4A7C15UL, out var low);
            hash = high ^ low ^ BitOperations.RotateLeft(hash, 17);
        }
        return hash;
    }
}
