using System.Buffers.Binary;
using System.Numerics;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>CityHash64, version 1.0 of 2011 (Pike and Alakuijala): later versions give other numbers. CatBoost knows categories by its lower half.</summary>
internal static class CityHash
{
    private const ulong K0 = 0xc3a5c85c97cb3127;
    private const ulong K1 = 0xb492b66fbe98f273;
    private const ulong K2 = 0x9ae16a3b2f90404f;
    private const ulong K3 = 0xc949d7c7509e6557;
    private const ulong PairFactor = 0x9ddfea08eb382d69;

    public static ulong Hash64(ReadOnlySpan<byte> text) => text.Length switch
    {
        0 => K2,
        < 4 => UpTo3(text),
        <= 8 => UpTo8(text),
        <= 16 => UpTo16(text),
        <= 32 => UpTo32(text),
        <= 64 => UpTo64(text),
        _ => Long(text),
    };

    private static ulong UpTo3(ReadOnlySpan<byte> text)
    {
        var first = text[0] + ((uint)text[text.Length / 2] << 8);
        var last = (uint)text.Length + ((uint)text[^1] << 2);
        return Fold((first * K2) ^ (last * K3)) * K2;
    }

    private static ulong UpTo8(ReadOnlySpan<byte> text) =>
        Pair((ulong)text.Length + ((ulong)Word32(text, 0) << 3), Word32(text, text.Length - 4));

    private static ulong UpTo16(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        var end = Word(text, length - 8);
        return Pair(Word(text, 0), BitOperations.RotateRight(end + (ulong)length, length)) ^ end;
    }

    private static ulong UpTo32(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        var a = Word(text, 0) * K1;
        var b = Word(text, 8);
        var c = Word(text, length - 8) * K2;
        var d = Word(text, length - 16) * K0;
        return Pair(
            BitOperations.RotateRight(a - b, 43) + BitOperations.RotateRight(c, 30) + d,
            a + BitOperations.RotateRight(b ^ K3, 20) - c + (ulong)length);
    }

    private static ulong UpTo64(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        var first = Mix(text[..32], Word(text, 0) + (((ulong)length + Word(text, length - 16)) * K0));
        var last = Mix(text[^32..], Word(text, 16) + Word(text, length - 32));
        var mixed = Fold(((first.Low + last.High) * K2) + ((last.Low + first.High) * K0));
        return Fold((mixed * K0) + first.High) * K2;
    }

    /// <summary>32 bytes, the first eight of which the caller has worked into <paramref name="a"/>.</summary>
    private static (ulong Low, ulong High) Mix(ReadOnlySpan<byte> text, ulong a)
    {
        var end = Word(text, 24);
        var b = BitOperations.RotateRight(a + end, 52);
        var c = BitOperations.RotateRight(a, 37);
        a += Word(text, 8);
        c += BitOperations.RotateRight(a, 7);
        a += Word(text, 16);
        return (a + end, b + BitOperations.RotateRight(a, 31) + c);
    }

    /// <summary>More than 64 bytes: the end first, then 64 bytes at a time from the start.</summary>
    private static ulong Long(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        var x = Word(text, 0);
        var y = Word(text, length - 16) ^ K1;
        var z = Word(text, length - 56) ^ K0;
        var v = WeakMix(text[^64..], (ulong)length, y);
        var w = WeakMix(text[^32..], (ulong)length * K1, K0);
        z += Fold(v.High) * K1;
        x = BitOperations.RotateRight(z + x, 39) * K1;
        y = BitOperations.RotateRight(y, 33) * K1;
        for (var left = (length - 1) & ~63; left > 0; left -= 64, text = text[64..])
        {
            x = BitOperations.RotateRight(x + y + v.Low + Word(text, 16), 37) * K1;
            y = BitOperations.RotateRight(y + v.High + Word(text, 48), 42) * K1;
            x ^= w.High;
            y ^= v.Low;
            z = BitOperations.RotateRight(z ^ w.Low, 33);
            v = WeakMix(text, v.High * K1, x + w.Low);
            w = WeakMix(text[32..], z + w.High, y);
            (z, x) = (x, z);
        }
        return Pair(Pair(v.Low, w.Low) + (Fold(y) * K1) + z, Pair(v.High, w.High) + x);
    }

    /// <summary>32 bytes and two seeds.</summary>
    private static (ulong Low, ulong High) WeakMix(ReadOnlySpan<byte> text, ulong a, ulong b)
    {
        var end = Word(text, 24);
        a += Word(text, 0);
        b = BitOperations.RotateRight(b + a + end, 21);
        var c = a;
        a += Word(text, 8);
        a += Word(text, 16);
        b += BitOperations.RotateRight(a, 44);
        return (a + end, b + c);
    }

    private static ulong Word(ReadOnlySpan<byte> text, int at) => BinaryPrimitives.ReadUInt64LittleEndian(text[at..]);

    private static uint Word32(ReadOnlySpan<byte> text, int at) => BinaryPrimitives.ReadUInt32LittleEndian(text[at..]);

    private static ulong Fold(ulong value) => value ^ (value >> 47);

    private static ulong Pair(ulong low, ulong high)
    {
        var a = (low ^ high) * PairFactor;
        a ^= a >> 47;
        var b = (high ^ a) * PairFactor;
        b ^= b >> 47;
        return b * PairFactor;
    }
}
