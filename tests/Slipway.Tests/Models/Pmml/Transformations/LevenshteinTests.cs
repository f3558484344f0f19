using Slipway.Models.Rows.Transformations;

namespace Slipway.Tests.Models.Pmml.Transformations;

public sealed class LevenshteinTests
{
    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "", 3)]
    [InlineData("flaw", "lawn", 2)]
    [InlineData("same", "same", 0)]
    public void Known_distances_are_found(string one, string other, int distance)
    {
        Assert.Equal(distance, Levenshtein.Distance(one, other, 10, ignoreCase: false));
        if (distance > 0) Assert.Equal(-1, Levenshtein.Distance(one, other, distance - 1, ignoreCase: false));
    }

    [Fact]
    public void Within_any_limit_it_is_the_full_tables_distance()
    {
        var random = new Random(11);
        for (var i = 0; i < 3000; i++)
        {
            var (one, other) = (Word(random), Word(random));
            var full = Full(one, other);
            for (var limit = 0; limit < 6; limit++) Assert.Equal(full <= limit ? full : -1, Levenshtein.Distance(one, other, limit, ignoreCase: false));
        }
    }

    [Fact]
    public void Case_may_be_ignored()
    {
        Assert.Equal(1, Levenshtein.Distance("HOUSE", "hous", 2, ignoreCase: true));
        Assert.Equal(-1, Levenshtein.Distance("HOUSE", "hous", 2, ignoreCase: false));
    }

    [Fact]
    public void Long_words_cost_their_length_times_the_limit() =>
        Assert.Equal(2, Levenshtein.Distance(new string('a', 2_000_000) + "bc", new string('a', 2_000_000), 3, ignoreCase: false));

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(0, 9)).Select(_ => (char)('a' + random.Next(3))));

    private static int Full(string one, string other)
    {
        var costs = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                costs[i, j] = i == 0 ? j : j == 0 ? i
                    : Math.Min(Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1, costs[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
            }
        }
        return costs[one.Length, other.Length];
    }
}
