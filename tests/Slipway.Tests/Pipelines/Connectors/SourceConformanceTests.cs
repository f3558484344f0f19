using System.Text;
using Slipway.Conformance.Connectors;
using Slipway.Core;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.Connectors.Databases;
using Slipway.Tests.Data.Csv;

namespace Slipway.Tests.Pipelines.Connectors;

public sealed class SourceConformanceTests : IDisposable
{
    private readonly UseCaseFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Csv_source_keeps_the_contract(bool follow)
    {
        _folder.Write("in/1.csv", "\uFEFFid,temp,note\r\n1,20.5,\"a, \"\"b\"\"\"\r\n2,,\"two\r\nlines\"\r\nthree,1,x\r\n3,1\r\n\r\n4,1e-7,\r\n");
        _folder.Write("in/2.csv", "note,id,temp\nZürich,5,1\n\"open,6,2\nclosed\",7\"x,3\n\"wrong\"x,8,9\n,9,\n");
        _folder.Write("in/3.csv", "id,temp,note\n");
        var bytes = Encoding.Latin1.GetBytes("id,temp,note\n10,1,caf\u00e9\n11,2,ok\n");
        File.WriteAllBytes(_folder["in/4.csv"], bytes);
        File.WriteAllText(_folder["in/5.csv"], $"id,temp,note\n12,1,{new string('x', 1 << 20)}\n13,1,y\n");
        var columns = new Dictionary<string, ColumnKind> { ["id"] = ColumnKind.Number, ["temp"] = ColumnKind.Number };
        var spec = new CsvSource("in/*.csv", follow, columns);
        var checks = new SourceChecks(() => spec.Open(_folder.Context), good: 7, bad: 6);
        await checks.SchemaIsStableAsync();
        await checks.EveryRowComesOnceAsync();
        await checks.BatchSizeDoesNotMatterAsync();
        await checks.ReadingResumesFromEveryPositionAsync();
        await checks.OldPositionGivesTheSameRowsAgainAsync();
        await checks.RawRowsAreTheSameRowsAsync();
        await checks.EndStaysTheEndAsync();
        File.Delete(_folder["in/4.csv"]);
        await new SourceChecks(() => spec.Open(_folder.Context), good: 6, bad: 5).BadRowsStayBadAsync();
    }

    [Fact]
    public async Task Csv_source_keeps_the_contract_on_damaged_files()
    {
        var original = Encoding.UTF8.GetBytes("id,temp,city\n1,20.5,\"Bern, \"\"CH\"\"\"\n2,,Zürich\r\n3,1e-7,\"two\nlines\"\n4,5,x\n5,6,y\n");
        var random = new Random(44);
        var checkedFiles = 0;
        for (var round = 0; round < 150; round++)
        {
            File.WriteAllBytes(_folder["a.csv"], CsvReaderTests.Damage(original, random));
            _folder.Write("b.csv", "id,temp,city\n7,8,z\n");
            var spec = new CsvSource("*.csv", Follow: round % 2 == 0);
            await using var source = spec.Open(_folder.Context);
            try
            {
                var schema = await source.DiscoverAsync(default);
                using var first = await source.ReadAsync(schema!, null, 1000, default);
                using var rest = await source.ReadAsync(schema!, first!.Position, 1000, default);
            }
            catch (SlipwayException e)
            {
                Assert.Contains(".csv", e.Message);
                continue;
            }
            var checks = new SourceChecks(() => spec.Open(_folder.Context), 0, 0);
            await checks.BatchSizeDoesNotMatterAsync();
            await checks.ReadingResumesFromEveryPositionAsync();
            await checks.RawRowsAreTheSameRowsAsync();
            checkedFiles++;
        }
        Assert.InRange(checkedFiles, 75, 149);
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.Postgresql)]
    public async Task Table_source_keeps_the_contract(DatabaseProvider provider)
    {
        using var database = new TestDatabase(_folder, provider);
        var table = database.Table("readings");
        database.Execute($"CREATE TABLE {table} (at timestamp, id bigint, value double precision, note text, ok boolean)");
        var random = new Random(3);
        for (var i = 0; i < 40; i++)
        {
            // Every watermark is there several times, and some rows are equal in everything.
            database.Execute($"INSERT INTO {table} VALUES ('2026-01-01 00:00:{i / 7:00}.5', {i / 2}, {(i % 5 == 0 ? "NULL" : (random.Next(100) / 8.0).ToString())}, {(i % 3 == 0 ? "NULL" : $"'n {i / 2} \"x\"'")}, {(i % 2 == 0 ? "true" : "false")})");
        }
        database.Execute($"INSERT INTO {table} VALUES (NULL, 99, 1, 'never', true)");
        if (provider == DatabaseProvider.Sqlite)
        {
            database.Execute($"INSERT INTO {table} VALUES ('2026-01-02', 'no number', 1, 'bad', true)");
            database.Execute($"INSERT INTO {table} VALUES ('2026-01-03', 7, 1, 'bad', 7)");
        }
        var spec = new TableSource(database.Connection, "at", table);
        await new SourceChecks(() => spec.Open(_folder.Context), good: 40, bad: provider == DatabaseProvider.Sqlite ? 2 : 0).AllAsync();
    }
}
