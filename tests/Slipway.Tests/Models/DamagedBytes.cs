namespace Slipway.Tests.Models;

/// <summary>Files as they come from bad disks and worse people.</summary>
internal static class DamagedBytes
{
    /// <summary>A copy with 1 to 5 damages: bits, bytes, parts that are gone or there twice, characters of the format in the wrong place, huge numbers.</summary>
    /// <param name="alphabet">Characters that mean something in the format.</param>
    public static byte[] Of(string alphabet, byte[] bytes, Random random)
    {
        var damaged = new List<byte>(bytes);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(6))
            {
                case 0: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: damaged[at] = (byte)random.Next(256); break;
                case 2: damaged.RemoveRange(at, Math.Min(random.Next(1, 9), damaged.Count - at)); break;
                case 3: damaged.InsertRange(at, damaged.GetRange(at, Math.Min(random.Next(1, 40), damaged.Count - at))); break;
                case 4: damaged[at] = (byte)alphabet[random.Next(alphabet.Length)]; break;
                default:
                    for (var j = at; j < Math.Min(damaged.Count, at + 4); j++) damaged[j] = random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F;
                    break;
            }
            if (damaged.Count == 0) damaged.Add(0);
        }
        return [.. damaged];
    }
}
