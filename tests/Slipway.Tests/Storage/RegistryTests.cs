using System.Collections.Immutable;
using System.Text;
using Dapper;
using Slipway.Core;
using Slipway.Models.Packages;
using Slipway.Storage;

namespace Slipway.Tests.Storage;

public class RegistryTests
{
    private static readonly Signature Signature = new([new TensorSpec("x", ElementType.Float32, [-1, 2])], [new TensorSpec("y", ElementType.Float32, [-1])]);

    [Theory]
    [InlineData("UPDATE model_version SET runtime = 'other'", "never changes")]
    [InlineData("UPDATE model_version SET version = 7", "never changes")]
    [InlineData("DELETE FROM model_version", "never deleted")]
    [InlineData("INSERT OR REPLACE INTO model_version SELECT id, model, version, digest, 'other', format, signature, files, lineage, parity, created_at, created_by FROM model_version", "never deleted")]
    [InlineData("UPDATE alias_change SET who = 'nobody'", "append-only")]
    [InlineData("DELETE FROM alias_change", "append-only")]
    public async Task Database_refuses_to_rewrite_what_happened(string sql, string reason)
    {
        using var stores = new SqliteStores();
        var version = stores.Registry.Add(await PackageAsync(stores, "content"), "champion");
        var e = Assert.Throws<SlipwayException>(() => stores.Database.Write(c => c.Execute(sql)));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        stores.Reopen();
        Assert.Equal(version.Runtime, Assert.Single(stores.Registry.Snapshot().Versions).Runtime);
        Assert.Equal("ada", Assert.Single(stores.Registry.History("bike")).Who);
    }

    [Fact]
    public async Task Snapshot_is_the_same_object_while_nothing_changes()
    {
        using var stores = new SqliteStores();
        stores.Registry.Add(await PackageAsync(stores, "content"));
        var first = stores.Registry.Snapshot();
        Assert.Same(first, stores.Registry.Snapshot());
        stores.Registry.SetAlias("bike", "champion", 1, "ada", null);
        var second = stores.Registry.Snapshot();
        Assert.NotSame(first, second);
        Assert.Same(first.Versions[0], second.Versions[0]);
    }

    [Fact]
    public async Task Another_user_of_the_same_folder_sees_each_change()
    {
        using var one = new SqliteStores();
        using var other = new SqliteStores(one.DataFolder);
        var before = other.Registry.ChangeCounter();
        one.Registry.Add(await PackageAsync(one, "content"), "champion");
        Assert.True(other.Registry.ChangeCounter() > before);
        Assert.Equal(1, other.Registry.Snapshot().Resolve(ModelReference.Parse("bike@champion")).Version);
        Assert.Equal(2, other.Registry.Add(await PackageAsync(other, "more"), "champion").Version);
        Assert.Equal(2, one.Registry.Snapshot().Resolve(ModelReference.Parse("bike")).Version);
    }

    [Fact]
    public async Task Two_users_who_write_at_once_get_every_number_once()
    {
        using var one = new SqliteStores();
        using var other = new SqliteStores(one.DataFolder);
        await Task.WhenAll(((SqliteStores[])[one, other]).Select((stores, user) => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                stores.Registry.Add(await PackageAsync(stores, $"{user} {i}"), "champion");
                stores.UseCases.Commit($"u{user}", $"{i}", []);
            }
        })));
        Assert.Equal(Enumerable.Range(1, 50), one.Registry.Snapshot().Versions.Select(v => v.Version));
        Assert.Equal(one.Registry.Snapshot().Versions.Select(v => v.Digest), other.Registry.Snapshot().Versions.Select(v => v.Digest));
        Assert.Equal(100, one.Registry.ChangeCounter());
    }

    [Fact]
    public void Digest_is_that_of_the_sorted_list()
    {
        // printf 'PATH\\0SHA256\\n…' | sha256sum, with the SHA-256 of "abc" and of nothing
        ImmutableArray<PackageFile> files =
        [
            new("b/c.txt", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0),
            new("a.txt", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 3),
        ];
        Assert.Equal("bff6855c551fac804712ed41206ddfc0c482186ae96fa7653fec3d1de73e4c03", PackageDigest.Of(files));
    }

    [Fact]
    public async Task Parity_with_nan_and_infinity_comes_back()
    {
        using var stores = new SqliteStores();
        var parity = new ParityReport(false, 7, double.NaN, double.PositiveInfinity, long.MaxValue, "row 3: expected 1, found NaN");
        stores.Registry.Add(await PackageAsync(stores, "content") with { Parity = parity });
        stores.Reopen();
        Assert.Equal(parity, stores.Registry.Snapshot().Versions[0].Parity);
    }

    internal static async Task<NewVersion> PackageAsync(SqliteStores stores, string content)
    {
        var (sha256, size) = await stores.Artifacts.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), default);
        return new NewVersion("bike", "trees", "xgboost-json", Signature, [new PackageFile("model/model.json", sha256, size)], new Lineage(), ParityReport.Nothing, "ada");
    }
}
