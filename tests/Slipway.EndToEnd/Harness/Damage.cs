namespace Slipway.EndToEnd.Harness;

/// <summary>Seeded ways to damage bytes: the same seed makes the same damage.</summary>
internal static class Damage
{
    /// <summary>Cut at every hundredth of the length, from nothing to 99 %.</summary>
    public static IEnumerable<byte[]> Truncations(byte[] whole)
    {
        for (var percent = 0; percent < 100; percent++) yield return whole[..(int)((long)whole.Length * percent / 100)];
    }

    /// <summary>One to four bytes changed to any other value.</summary>
    public static IEnumerable<byte[]> Flips(byte[] whole, int seed, int count)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var damaged = (byte[])whole.Clone();
            for (var flips = random.Next(1, 5); flips > 0; flips--) damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            yield return damaged;
        }
    }

    /// <summary>As a careless hand does it: a piece dropped, doubled, cut off, moved, or overwritten with characters that mean something.</summary>
    public static IEnumerable<byte[]> Edits(byte[] whole, int seed, int count)
    {
        var random = new Random(seed);
        var marks = "{}[]:,-#\"'&*!|>%@`\t\0\n 09eE+.\u00e4"u8.ToArray();
        for (var i = 0; i < count; i++)
        {
            var damaged = new List<byte>(whole);
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var at = random.Next(damaged.Count);
                var length = Math.Min(random.Next(1, 20), damaged.Count - at);
                switch (random.Next(5))
                {
                    case 0: damaged.RemoveRange(at, length); break;
                    case 1: damaged.InsertRange(at, damaged.GetRange(at, length)); break;
                    case 2: damaged.RemoveRange(at, damaged.Count - at); break;
                    case 3: damaged[at] = marks[random.Next(marks.Length)]; break;
                    default: damaged.Insert(at, marks[random.Next(marks.Length)]); break;
                }
                if (damaged.Count == 0) damaged.Add((byte)'{');
            }
            yield return [.. damaged];
        }
    }
}
