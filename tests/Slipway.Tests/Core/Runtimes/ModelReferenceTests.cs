using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Tests.Core.Runtimes;

public class ModelReferenceTests
{
    [Theory]
    [InlineData("bike", "bike", null, null)]
    [InlineData("bike@champion", "bike", "champion", null)]
    [InlineData("bike-demand.v2/17", "bike-demand.v2", null, 17)]
    public void Reference_reads_and_writes_itself(string text, string name, string? alias, int? version)
    {
        var reference = ModelReference.Parse(text);
        Assert.Equal(new ModelReference(name, alias, version), reference);
        Assert.Equal(text, reference.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("bike@")]
    [InlineData("bike/one")]
    [InlineData("bike/-1")]
    [InlineData("@champion")]
    [InlineData("../etc")]
    [InlineData("two words")]
    [InlineData("bike@a@b")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(ModelReference.TryParse(text, null, out _));
        Assert.Contains("is not a model reference", Assert.Throws<FormatException>(() => ModelReference.Parse(text)).Message);
    }

    [Fact]
    public void Bare_name_means_champion_else_the_newest()
    {
        var snapshot = new RegistrySnapshot([Version("bike", 1), Version("bike", 2), Version("car", 1), Version("car", 2)],
            ImmutableDictionary<string, ImmutableDictionary<string, int>>.Empty.Add("bike", ImmutableDictionary<string, int>.Empty.Add("champion", 1)));
        Assert.Equal(1, snapshot.Resolve(new ModelReference("bike")).Version);
        Assert.Equal(2, snapshot.Resolve(new ModelReference("car")).Version);
        Assert.Equal(2, snapshot.Resolve(new ModelReference("bike", Version: 2)).Version);
        Assert.Contains("it has: champion", Assert.Throws<NotFoundException>(() => snapshot.Resolve(new ModelReference("bike", "challenger"))).Message);
        Assert.Contains("the newest is 2", Assert.Throws<NotFoundException>(() => snapshot.Resolve(new ModelReference("bike", Version: 9))).Message);
        Assert.Contains("no model is called 'boat'", Assert.Throws<NotFoundException>(() => snapshot.Resolve(new ModelReference("boat"))).Message);
    }

    private static ModelVersion Version(string name, int version) => new(
        name, version, "digest", "trees", "xgboost-json", new Signature([], []), [], new Lineage(), ParityReport.Nothing, DateTimeOffset.UnixEpoch, "test");
}
