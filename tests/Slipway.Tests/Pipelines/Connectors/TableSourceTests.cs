using Slipway.Core;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.Connectors.Databases;

namespace Slipway.Tests.Pipelines.Connectors;

public sealed class TableSourceTests : IDisposable
{
    private readonly UseCaseFolder _folder = new();

    private string? _position;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.Postgresql)]
    public async Task New_rows_come_once_also_when_they_share_the_last_watermark(DatabaseProvider provider)
    {
        using var database = new TestDatabase(_folder, provider);
        var table = database.Table("t");
        database.Execute($"CREATE TABLE {table} (at text, id integer)");
        var spec = new TableSource(database.Connection, "at", table);
        database.Execute($"INSERT INTO {table} VALUES ('2026-01-01', 1), ('2026-01-01', 2), ('2026-01-02', 3)");
        Assert.Equal("1 2 3", await ReadAllAsync(spec));
        Assert.Equal("", await ReadAllAsync(spec));
        database.Execute($"INSERT INTO {table} VALUES ('2026-01-02', 0), ('2026-01-02', 3), ('2026-01-02', 9), ('2026-01-03', 4)");
        Assert.Equal("0 3 9 4", await ReadAllAsync(spec));
        database.Execute($"INSERT INTO {table} VALUES ('2026-01-01', 7)");
        Assert.Equal("", await ReadAllAsync(spec));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite, "integer", "9007199254740993")]
    [InlineData(DatabaseProvider.Sqlite, "real", "0.1")]
    [InlineData(DatabaseProvider.Sqlite, "text", "'it''s ü'")]
    [InlineData(DatabaseProvider.Sqlite, "datetime", "'2026-01-01 00:00:00.123456789'")]
    [InlineData(DatabaseProvider.Postgresql, "bigint", "9007199254740993")]
    [InlineData(DatabaseProvider.Postgresql, "numeric", "123456789012345678901234567890.123456789")]
    [InlineData(DatabaseProvider.Postgresql, "double precision", "0.1")]
    [InlineData(DatabaseProvider.Postgresql, "real", "0.1")]
    [InlineData(DatabaseProvider.Postgresql, "text", "'it''s ü'")]
    [InlineData(DatabaseProvider.Postgresql, "date", "'2026-01-01'")]
    [InlineData(DatabaseProvider.Postgresql, "timestamp", "'2026-01-01 00:00:00.123456'")]
    [InlineData(DatabaseProvider.Postgresql, "timestamptz", "'2026-03-29 02:30:00.123456+05:30'")]
    [InlineData(DatabaseProvider.Postgresql, "uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'")]
    public async Task Watermark_of_any_type_is_kept_exactly(DatabaseProvider provider, string type, string value)
    {
        using var database = new TestDatabase(_folder, provider);
        var table = database.Table("t");
        database.Execute($"CREATE TABLE {table} (mark {type}, id integer)");
        database.Execute($"INSERT INTO {table} VALUES ({value}, 1), ({value}, 2), ({value}, 3)");
        var spec = new TableSource(database.Connection, "mark", table, Batch: 2);
        Assert.Equal("1 2 3", await ReadAllAsync(spec));
        database.Execute($"INSERT INTO {table} VALUES ({value}, 4)");
        Assert.Equal("4", await ReadAllAsync(spec));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.Postgresql)]
    public async Task Query_may_join_compute_and_end_with_a_comment(DatabaseProvider provider)
    {
        using var database = new TestDatabase(_folder, provider);
        var table = database.Table("t");
        database.Execute($"CREATE TABLE {table} (id integer, temp double precision)");
        database.Execute($"INSERT INTO {table} VALUES (1, 10), (2, 20), (3, 30)");
        var spec = new TableSource(database.Connection, "id", Query: $"SELECT a.id, a.temp * 1.8 + 32 AS fahrenheit FROM {table} a WHERE a.id > 1 -- all but the first\n;");
        await using var source = spec.Open(_folder.Context);
        var schema = (await source.DiscoverAsync(default))!;
        Assert.Equal("id INT64, fahrenheit FP64", schema.ToString());
        using var batch = await source.ReadAsync(schema, null, 10, default);
        Assert.Equal("68 86", UseCaseFolder.Column(batch!.Rows, "fahrenheit"));
    }

    [Fact]
    public async Task Sqlite_types_become_element_types()
    {
        using var database = new TestDatabase(_folder, DatabaseProvider.Sqlite);
        database.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, r REAL, n NUMERIC(5,2), s VARCHAR(9), d DATETIME, b BOOLEAN, x BLOB)");
        database.Execute("INSERT INTO t VALUES (1, 1.5, 2, 'a', 1700000000, 1, x'00ff'), (2, 2, 2.25, 7, '2026-01-01', 0, NULL)");
        var spec = new TableSource("Data Source=test.db", "id", Query: "SELECT *, id * 2 AS twice, CASE id WHEN 1 THEN 1 ELSE 1.5 END AS mixed, NULL AS none FROM t");
        await using var source = spec.Open(_folder.Context);
        var schema = (await source.DiscoverAsync(default))!;
        Assert.Equal("id INT64, r FP64, n FP64, s BYTES, d BYTES, b BOOL, x BYTES, twice INT64, mixed FP64, none FP64", schema.ToString());
        using var batch = await source.ReadAsync(schema, null, 10, default);
        Assert.Empty(batch!.Faults);
        Assert.Equal("""{"id":1,"r":1.5,"n":2,"s":"a","d":1700000000,"b":true,"x":"AP8=","twice":2,"mixed":1,"none":null}""", batch.Raw[0]);
        Assert.Equal("1700000000 2026-01-01", UseCaseFolder.Column(batch.Rows, "d"));
    }

    [Fact]
    public async Task Postgres_types_become_element_types()
    {
        using var database = new TestDatabase(_folder, DatabaseProvider.Postgresql);
        var table = database.Table("t");
        database.Execute($"CREATE TABLE {table} (id smallint, i bigint, r real, d double precision, n numeric(40,5), s varchar(9), t timestamp(3), z timestamptz, day date, b boolean, u uuid, j jsonb, x bytea, a int[])");
        database.Execute($$"""
            INSERT INTO {{table}} VALUES
            (1, 9007199254740993, 0.1, 0.1, 123456789012345678901234567890.5, 'ä "q"', '2026-01-01 10:00:00.5', '2026-01-01 10:00:00+02', '2026-01-01', true, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"k": [1]}', '\x00ff', '{1,2}'),
            (2, NULL, 'NaN', '-Infinity', 'NaN', NULL, 'infinity', NULL, NULL, false, NULL, NULL, NULL, NULL)
            """);
        await using var source = new TableSource(database.Connection, "id", table).Open(_folder.Context);
        var schema = (await source.DiscoverAsync(default))!;
        Assert.Equal("id INT64, i INT64, r FP64, d FP64, n FP64, s BYTES, t BYTES, z BYTES, day BYTES, b BOOL, u BYTES, j BYTES, x BYTES, a BYTES", schema.ToString());
        using var batch = await source.ReadAsync(schema, null, 10, default);
        Assert.Empty(batch!.Faults);
        Assert.Equal("""
            {"id":1,"i":9007199254740993,"r":0.10000000149011612,"d":0.1,"n":123456789012345678901234567890.50000,"s":"ä \"q\"","t":"2026-01-01T10:00:00.5","z":"2026-01-01T08:00:00Z","day":"2026-01-01","b":true,"u":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","j":"{\"k\": [1]}","x":"\\x00ff","a":"{1,2}"}
            """, batch.Raw[0]);
        Assert.Equal("""{"id":2,"i":null,"r":"NaN","d":"-Infinity","n":"NaN","s":null,"t":"infinity","z":null,"day":null,"b":false,"u":null,"j":null,"x":null,"a":null}""", batch.Raw[1]);
        Assert.Equal(0.1f, batch.Rows["r"].Values<double>()[0]);
        Assert.Equal("9007199254740993 -", UseCaseFolder.Column(batch.Rows, "i"));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.Postgresql)]
    public async Task Too_many_rows_at_one_watermark_are_refused_with_advice(DatabaseProvider provider)
    {
        using var database = new TestDatabase(_folder, provider);
        var table = database.Table("t");
        database.Execute($"CREATE TABLE {table} AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001) SELECT 1 AS day, i AS id FROM n");
        await using var source = new TableSource(database.Connection, "day", table, Batch: 100_000).Open(_folder.Context);
        var schema = (await source.DiscoverAsync(default))!;
        var error = await Assert.ThrowsAsync<SlipwayException>(async () => await source.ReadAsync(schema, null, 20_000, default));
        Assert.Contains("share day = 1; choose a finer watermark", error.Message);
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.Postgresql)]
    public async Task What_cannot_be_read_is_said(DatabaseProvider provider)
    {
        using var database = new TestDatabase(_folder, provider);
        var table = database.Table("t");
        async Task<string> ErrorAsync(TableSource spec) => (await Assert.ThrowsAsync<SlipwayException>(async () =>
        {
            await using var source = spec.Open(_folder.Context);
            await source.DiscoverAsync(default);
        })).Message;
        Assert.Contains($"table {table}", await ErrorAsync(new TableSource(database.Connection, "id", table)));
        database.Execute($"CREATE TABLE {table} (id integer)");
        Assert.Contains("syntax error", await ErrorAsync(new TableSource(database.Connection, "id", Query: "selec 1")));
        // SQLite gives the second one another name.
        if (provider == DatabaseProvider.Postgresql) Assert.Contains("called 'x'", await ErrorAsync(new TableSource(database.Connection, "id", Query: $"SELECT id, id AS x, id AS x FROM {table}")));
        Assert.Contains("other", await ErrorAsync(new TableSource(database.Connection, "other", table)));
    }

    [Fact]
    public async Task Column_added_to_the_table_later_is_passed_over_and_one_that_is_gone_is_said()
    {
        using var database = new TestDatabase(_folder, DatabaseProvider.Sqlite);
        database.Execute("CREATE TABLE t (id INTEGER, a TEXT); INSERT INTO t VALUES (1, 'x')");
        await using var source = new TableSource("Data Source=test.db", "id", "t").Open(_folder.Context);
        var schema = (await source.DiscoverAsync(default))!;
        database.Execute("ALTER TABLE t ADD COLUMN b TEXT");
        using (var batch = await source.ReadAsync(schema, null, 10, default))
        {
            Assert.Empty(batch!.Faults);
            Assert.Equal("x", UseCaseFolder.Column(batch.Rows, "a"));
        }
        database.Execute("DROP TABLE t; CREATE TABLE t (id INTEGER)");
        Assert.Contains("a", (await Assert.ThrowsAsync<SlipwayException>(async () => await source.ReadAsync(schema, null, 10, default))).Message);
    }

    [Fact]
    public async Task Absent_sqlite_file_is_said_and_not_made()
    {
        await using var source = new TableSource("Data Source=none.db", "id", "t").Open(_folder.Context);
        var error = await Assert.ThrowsAsync<SlipwayException>(async () => await source.DiscoverAsync(default));
        Assert.Contains("none.db", error.Message);
        Assert.False(File.Exists(_folder["none.db"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"files\":{}}")]
    [InlineData("{\"watermark\":null,\"taken\":[]}")]
    public async Task Position_of_something_else_is_refused(string position)
    {
        using var database = new TestDatabase(_folder, DatabaseProvider.Sqlite);
        database.Execute("CREATE TABLE t (id INTEGER)");
        await using var source = new TableSource("Data Source=test.db", "id", "t").Open(_folder.Context);
        var schema = (await source.DiscoverAsync(default))!;
        Assert.Contains("position", (await Assert.ThrowsAsync<SlipwayException>(async () => await source.ReadAsync(schema, position, 10, default))).Message);
    }

    [Fact]
    public void Table_and_query_exclude_each_other()
    {
        Assert.Throws<ArgumentException>(() => new TableSource("Data Source=a.db", "id"));
        Assert.Throws<ArgumentException>(() => new TableSource("Data Source=a.db", "id", "t", "SELECT 1"));
    }

    private async Task<string> ReadAllAsync(TableSource spec)
    {
        var values = new List<string>();
        while (true)
        {
            await using var source = spec.Open(_folder.Context);
            var schema = (await source.DiscoverAsync(default))!;
            using var batch = await source.ReadAsync(schema, _position, 100, default);
            if (batch is null) return string.Join(' ', values);
            Assert.Empty(batch.Faults);
            values.Add(UseCaseFolder.Column(batch.Rows, "id"));
            _position = batch.Position;
        }
    }
}
