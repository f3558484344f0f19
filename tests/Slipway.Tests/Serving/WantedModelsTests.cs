using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Serving;

namespace Slipway.Tests.Serving;

public sealed class WantedModelsTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("m1", "", "m: 1 default 1")]
    [InlineData("m1 m2 m3", "", "m: 3 default 3")]
    [InlineData("m1 m2 m3", "m@champion=1", "m: 1,3 default 1")]
    [InlineData("m1 m2 m3", "m@champion=2 m@challenger=1", "m: 1,2,3 default 2")]
    [InlineData("m1 m2 m3", "m@champion=3 m@challenger=3", "m: 3 default 3")]
    [InlineData("m1 m2 m3", "m@old=1", "m: 1,3 default 3")]
    [InlineData("m1 n1 n2", "n@champion=1", "m: 1 default 1; n: 1,2 default 1")]
    [InlineData("m1", "m@champion=7", "m: 1 default 1")]
    public void Versions_with_an_alias_and_the_newest_are_wanted(string versions, string aliases, string expected)
    {
        var snapshot = new RegistrySnapshot(
            [.. Words(versions).Select(v => Version(v[..1], int.Parse(v[1..])))],
            Words(aliases).Select(a => a.Split('@', '=')).GroupBy(a => a[0]).ToImmutableDictionary(
                model => model.Key, model => model.ToImmutableDictionary(a => a[1], a => int.Parse(a[2]))));
        var wanted = WantedModels.Of(snapshot);
        Assert.Equal(expected, string.Join("; ", wanted.Values.Select(m => $"{m.Name}: {string.Join(',', m.Versions.Select(v => v.Version))} default {m.Default}")));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static ModelVersion Version(string name, int number) =>
        new(name, number, $"{name}{number}", "r", "f", new Signature([], []), [], new Lineage(), ParityReport.Nothing, default, "me");
}
