using Slipway.Conformance.Connectors;
using Slipway.Core;
using Slipway.Data;
using Slipway.Pipelines.Actions;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.Connectors.Databases;
using Slipway.Tests.Pipelines.Connectors;

namespace Slipway.Tests.Pipelines.Actions;

public sealed class SinkConformanceTests : IDisposable
{
    private readonly UseCaseFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Csv_sink_keeps_the_contract()
    {
        var spec = new CsvSink("out/rows.csv");
        var types = new Dictionary<string, ElementType> { ["name"] = ElementType.Bytes, ["ok"] = ElementType.Bytes };
        await new SinkChecks(schema => spec.Open(schema, _folder.Context), () =>
        {
            using var reader = TableFiles.OpenRead(_folder["out/rows.csv"], new TableReadOptions(Types: types));
            var rows = reader.Read(100_000)!;
            Assert.Empty(reader.Faults);
            return Task.FromResult(rows);
        }, keyed: false).AllAsync();
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite, true)]
    [InlineData(DatabaseProvider.Sqlite, false)]
    [InlineData(DatabaseProvider.Postgresql, true)]
    [InlineData(DatabaseProvider.Postgresql, false)]
    public async Task Table_sink_keeps_the_contract(DatabaseProvider provider, bool keyed)
    {
        using var database = new TestDatabase(_folder, provider);
        var spec = new TableSink(database.Connection, database.Table("rows"), keyed ? ["id"] : []);
        await new SinkChecks(schema => spec.Open(schema, _folder.Context), async () =>
        {
            await using var source = new TableSource(database.Connection, "id", database.Table("rows")).Open(_folder.Context);
            var schema = await source.DiscoverAsync(default);
            var batch = await source.ReadAsync(schema!, null, 10_000, default);
            Assert.Empty(batch!.Faults);
            return batch.Rows;
        }, keyed).AllAsync();
    }
}
