using Slipway.Conformance;

namespace Slipway.Tests.Storage;

public class SqliteConformanceTests
{
    public static TheoryData<string> Checks => [.. StoreChecks.All.Select(check => check.Name)];

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Sqlite_passes_the_store_check(string name)
    {
        using var stores = new SqliteStores();
        await StoreChecks.All.Single(check => check.Name == name).Run(stores);
    }
}
