using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>Training rows counted by the hash of a projection: open addressing over the hashes, a run of counts for each.</summary>
internal sealed class CtrTable
{
    /// <summary>Marks the free places of CatBoost's own tables: rows with this hash are never found.</summary>
    public const ulong FreeHash = ulong.MaxValue;

    /// <summary>Another in every process, so that no file can be made to collide.</summary>
    private static readonly ulong Seed = (((ulong)HashCode.Combine(2) << 32) ^ (uint)HashCode.Combine(3)) | 1;

    private readonly ulong[] _hashes;
    private readonly int[] _buckets;
    private readonly int[] _counts;

    /// <param name="name">For messages.</param>
    /// <param name="hashes">One for each entry of <paramref name="buckets"/>; those of free places are passed over.</param>
    /// <param name="buckets">Which run of counts a hash has.</param>
    /// <param name="counts">Runs of <paramref name="width"/>: of classes, of a sum (float32 bits) and a count, or single counts.</param>
    /// <param name="denominator">What single counts are divided by.</param>
    /// <exception cref="ModelException">A bucket has no counts.</exception>
    public CtrTable(string name, ReadOnlySpan<ulong> hashes, ReadOnlySpan<int> buckets, int[] counts, int width, int denominator)
    {
        if (width < 1) throw new ModelException($"{name}: {width} counts a bucket");
        (_counts, Width, Denominator) = (counts, width, denominator);
        var used = 0;
        foreach (var hash in hashes) used += hash == FreeHash ? 0 : 1;
        var places = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, 2 * used));
        _hashes = new ulong[places];
        _buckets = new int[places];
        _hashes.AsSpan().Fill(FreeHash);
        for (var i = 0; i < hashes.Length; i++)
        {
            if (hashes[i] == FreeHash) continue;
            if (buckets[i] < 0 || (buckets[i] + 1L) * width > counts.Length) throw new ModelException($"{name}: bucket {buckets[i]} of hash {hashes[i]} has no counts ({counts.Length} counts, {width} a bucket)");
            var at = Place(hashes[i]);
            if (_hashes[at] == hashes[i]) continue;
            (_hashes[at], _buckets[at]) = (hashes[i], buckets[i]);
        }
    }

    /// <summary>Counts of a bucket.</summary>
    public int Width { get; }

    public int Denominator { get; }

    /// <summary>The bucket of a hash; -1 when there is none.</summary>
    public int Find(ulong hash)
    {
        if (hash == FreeHash) return -1;
        var at = Place(hash);
        return _hashes[at] == hash ? _buckets[at] : -1;
    }

    public ReadOnlySpan<int> Of(int bucket, int width) => _counts.AsSpan(bucket * width, width);

    /// <summary>Where the hash is, or else the free place where it would be.</summary>
    private int Place(ulong hash)
    {
        var mask = _hashes.Length - 1;
        var at = (int)((hash * Seed) >> 32) & mask;
        while (_hashes[at] != hash && _hashes[at] != FreeHash) at = (at + 1) & mask;
        return at;
    }
}
