using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Rows;

public sealed class CellMapTests
{
    public static TheoryData<string> Kinds => ["symbols", "negative", "sparse", "fractions", "mixed", "huge"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Map_finds_what_a_dictionary_finds(string kind)
    {
        var random = new Random(5);
        for (var round = 0; round < 50; round++)
        {
            var expected = new Dictionary<double, double>();
            var entries = Enumerable.Range(0, random.Next(40)).Select(_ => KeyValuePair.Create(Draw(kind, random), random.NextDouble())).ToList();
            foreach (var (cell, value) in entries) expected.TryAdd(cell, value);
            var map = new CellMap([.. entries]);
            foreach (var cell in Probes(entries.Select(e => e.Key), kind, random)) Assert.Equal(expected.GetValueOrDefault(cell, -1), map.Find(cell, -1));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Set_holds_what_a_hash_set_holds(string kind)
    {
        var random = new Random(6);
        for (var round = 0; round < 50; round++)
        {
            var (set, expected) = (new CellSet(), new HashSet<double>());
            for (var i = random.Next(40); i > 0; i--)
            {
                var cell = Draw(kind, random);
                set.Add(cell);
                expected.Add(cell);
            }
            foreach (var cell in Probes(expected, kind, random)) Assert.Equal(expected.Contains(cell), set.Contains(cell));
        }
    }

    private static IEnumerable<double> Probes(IEnumerable<double> known, string kind, Random random) =>
    [
        .. known, .. Enumerable.Range(0, 100).Select(_ => Draw(kind, random)),
        0, -0.0, 0.5, -1, 64, 1 << 20, int.MaxValue, int.MinValue, 1e18, -1e300, double.PositiveInfinity, double.NegativeInfinity, Cell.Missing, Cell.Invalid,
    ];

    private static double Draw(string kind, Random random) => kind switch
    {
        "symbols" => random.Next(50),
        "negative" => random.Next(-50, 50),
        "sparse" => random.Next(20) * 1_000_000.0,
        "fractions" => random.Next(50) / 4.0,
        "mixed" => random.Next(3) == 0 ? random.NextDouble() : random.Next(-5, 2_000_000),
        _ => random.Next(10) * 1e17,
    };
}
