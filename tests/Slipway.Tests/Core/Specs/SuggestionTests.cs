using Slipway.Core.Specs;

namespace Slipway.Tests.Core.Specs;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("windw", "window")]
    [InlineData("widnow", "window")]
    [InlineData("windoww", "window")]
    [InlineData("Window", "window")]
    [InlineData("max_increase", "max-increase")]
    [InlineData("maxIncrease", "max-increase")]
    [InlineData("max increese", "max-increase")]
    [InlineData("evry", "every")]
    [InlineData("kep", "keep")]
    [InlineData("zzz", null)]
    [InlineData("", null)]
    [InlineData("windmill", null)]
    [InlineData("id", null)]
    public void The_nearest_word_is_suggested_when_it_is_near(string word, string? nearest) =>
        Assert.Equal(nearest, Suggestion.Nearest(word, ["window", "max-increase", "every", "keep", "against"]));

    [Fact]
    public void The_nearer_of_two_wins_and_the_first_of_equals()
    {
        Assert.Equal("values", Suggestion.Nearest("vaules", ["valued", "values"]));
        Assert.Equal("cat", Suggestion.Nearest("bat", ["cat", "hat"]));
    }

    [Fact]
    public void One_letter_is_no_slip_for_another() => Assert.Null(Suggestion.Nearest("c", ["a", "b"]));

    [Fact]
    public void The_distance_agrees_with_its_recursive_definition_on_random_words()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var (word, candidate) = (Word(random), Word(random));
            var isNear = Distance(word, candidate) <= (candidate.Length < 2 ? 0 : Math.Max(candidate.Length, 3) / 3);
            Assert.Equal(isNear ? candidate : null, Suggestion.Nearest(word, [candidate]));
        }
    }

    private static string Word(Random random) => string.Create(random.Next(1, 8), random, (letters, r) =>
    {
        foreach (ref var letter in letters) letter = (char)('a' + r.Next(3));
    });

    private static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.IsEmpty || b.IsEmpty) return a.Length + b.Length;
        if (a[^1] == b[^1]) return Distance(a[..^1], b[..^1]);
        var least = 1 + Math.Min(Distance(a[..^1], b[..^1]), Math.Min(Distance(a[..^1], b), Distance(a, b[..^1])));
        return a.Length > 1 && b.Length > 1 && a[^1] == b[^2] && a[^2] == b[^1] ? Math.Min(least, 1 + Distance(a[..^2], b[..^2])) : least;
    }
}
