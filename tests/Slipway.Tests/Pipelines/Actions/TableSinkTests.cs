using Slipway.Core;
using Slipway.Pipelines.Actions;
using Slipway.Pipelines.Connectors.Databases;
using Slipway.Tests.Pipelines.Connectors;

namespace Slipway.Tests.Pipelines.Actions;

public sealed class TableSinkTests : IDisposable
{
    private static readonly TableSchema Schema = new([new("station", ElementType.Bytes), new("hour", ElementType.Float64), new("value", ElementType.Float64)]);

    private readonly UseCaseFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.Postgresql)]
    public async Task Row_that_the_table_refuses_undoes_the_batch(DatabaseProvider provider)
    {
        using var database = new TestDatabase(_folder, provider);
        var table = database.Table("t");
        database.Execute($"CREATE TABLE {table} (station text, hour double precision, value double precision CHECK (value < 100))");
        await Assert.ThrowsAsync<RecordException>(() => WriteAsync(new TableSink(database.Connection, table), ("a", 1, 5), ("b", 1, 500)));
        Assert.Equal(0, database.Value<int>($"SELECT count(*) FROM {table}"));
        await WriteAsync(new TableSink(database.Connection, table), ("a", 1, 5));
        Assert.Equal(1, database.Value<int>($"SELECT count(*) FROM {table}"));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.Postgresql)]
    public async Task Key_may_be_of_several_columns_and_of_all(DatabaseProvider provider)
    {
        using var database = new TestDatabase(_folder, provider);
        var two = database.Table("two");
        await WriteAsync(new TableSink(database.Connection, two, ["station", "hour"]), ("a", 1, 5), ("a", 2, 6), ("b", 1, 7), ("a", 1, 8));
        Assert.Equal(3, database.Value<int>($"SELECT count(*) FROM {two}"));
        Assert.Equal(8, database.Value<double>($"SELECT value FROM {two} WHERE station = 'a' AND hour = 1"));
        var all = database.Table("every");
        var spec = new TableSink(database.Connection, all, ["station", "hour"], ["hour", "station"]);
        await WriteAsync(spec, ("a", 1, 5), ("a", 1, 6));
        await WriteAsync(spec, ("a", 1, 5));
        Assert.Equal(1, database.Value<int>($"SELECT count(*) FROM {all}"));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.Postgresql)]
    public async Task Row_without_its_key_is_refused(DatabaseProvider provider)
    {
        using var database = new TestDatabase(_folder, provider);
        var spec = new TableSink(database.Connection, database.Table("t"), ["station", "hour"]);
        var missing = await Assert.ThrowsAsync<RecordException>(() => WriteAsync(spec, ("a", 1, 5), (null, 1, 5)));
        Assert.Contains("station", missing.Message);
        var nan = await Assert.ThrowsAsync<RecordException>(() => WriteAsync(spec, ("a", double.NaN, 5)));
        Assert.Contains("hour", nan.Message);
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.Postgresql)]
    public async Task Table_that_does_not_fit_is_said(DatabaseProvider provider)
    {
        using var database = new TestDatabase(_folder, provider);
        var absent = await Assert.ThrowsAsync<SlipwayException>(() => WriteAsync(new TableSink(database.Connection, database.Table("none"), Create: false), ("a", 1, 5)));
        Assert.Contains("there is no table", absent.Message);
        database.Execute($"CREATE TABLE {database.Table("t")} (station text, hour double precision)");
        var narrow = await Assert.ThrowsAsync<SlipwayException>(() => WriteAsync(new TableSink(database.Connection, database.Table("t")), ("a", 1, 5)));
        Assert.Contains("has no column value; it has: station, hour", narrow.Message);
        var keyless = await Assert.ThrowsAsync<SlipwayException>(() => WriteAsync(new TableSink(database.Connection, database.Table("t"), ["station"], ["station", "hour"]), ("a", 1, 5)));
        Assert.Contains("needs a primary key or a unique index", keyless.Message);
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.Postgresql)]
    public async Task Names_are_quoted(DatabaseProvider provider)
    {
        using var database = new TestDatabase(_folder, provider);
        var schema = new TableSchema([new("select \"x\"; --", ElementType.Bytes), new("order", ElementType.Bool)]);
        var spec = new TableSink(database.Connection, database.Table("group \"by\""), ["select \"x\"; --"]);
        await using var sink = spec.Open(schema, _folder.Context);
        using var rows = new Batch(Tensor.OfText("select \"x\"; --", "'; drop", "b"), Tensor.Of<bool>("order", [true, false]));
        await sink.WriteAsync(rows, "d", default);
        await sink.WriteAsync(rows, "d", default);
        Assert.Equal(2, database.Value<int>($"SELECT count(*) FROM {database.Table("\"group \"\"by\"\"\"")}"));
    }

    [Fact]
    public async Task Postgres_casts_to_the_columns_that_are_there()
    {
        using var database = new TestDatabase(_folder, DatabaseProvider.Postgresql);
        var table = database.Table("t");
        database.Execute($"CREATE TABLE {table} (station varchar(3), hour integer, value numeric(6,2), PRIMARY KEY (hour, station))");
        var spec = new TableSink(database.Connection, table, ["station", "hour"]);
        await WriteAsync(spec, ("abc", 7, 1.239));
        Assert.Equal("abc|7|1.24", database.Value<string>($"SELECT station || '|' || hour || '|' || value FROM {table}"));
        await Assert.ThrowsAsync<RecordException>(() => WriteAsync(spec, ("a\0c", 7, 1)));
        await Assert.ThrowsAsync<RecordException>(() => WriteAsync(spec, ("a", 1e12, 1)));
        await Assert.ThrowsAsync<RecordException>(() => WriteAsync(spec, ("a", 1, 1e9)));
    }

    [Fact]
    public async Task Database_that_cannot_be_reached_is_said_without_its_password()
    {
        var secrets = new Slipway.Pipelines.Connectors.Secrets(name => name == "PW" ? "hunter2;Host=elsewhere" : null, _ => null);
        var spec = new TableSink("Host=127.0.0.1;Port=1;Username=u;Password=${env:PW};Database=d;Timeout=5", "t");
        await using var sink = spec.Open(Schema, _folder.Context with { Secrets = secrets });
        using var rows = Rows([("a", 1, 5)]);
        var error = await Assert.ThrowsAsync<SlipwayException>(async () => await sink.WriteAsync(rows, "d", default));
        Assert.Contains("d on 127.0.0.1", error.Message);
        Assert.DoesNotContain("hunter2", error.ToString());
    }

    [Theory]
    [InlineData("Host=db;Password=hunter2", "password")]
    [InlineData("Data Source=a.db;Password=hunter2", "password")]
    [InlineData("warehouse", "no connection text")]
    public void Connection_with_a_password_or_none_is_refused(string connection, string reason)
    {
        var error = Assert.Throws<ArgumentException>(() => new TableSink(connection, "t"));
        Assert.Contains(reason, error.Message);
        Assert.DoesNotContain("hunter2", error.Message);
        Assert.Equal("connection", error.ParamName);
    }

    [Fact]
    public void Key_that_is_not_written_is_refused()
    {
        var error = Assert.Throws<SpecException>(() => new TableSink("Data Source=a.db", "t", ["hour"], ["station"]).Open(Schema, _folder.Context));
        Assert.Contains("'hour' is not among the columns", error.Message);
    }

    private async Task WriteAsync(TableSink spec, params (string? Station, double Hour, double Value)[] values)
    {
        await using var sink = spec.Open(Schema, _folder.Context);
        using var rows = Rows(values);
        await sink.WriteAsync(rows, "d", default);
    }

    private static Batch Rows((string? Station, double Hour, double Value)[] values) => new(
        Tensor.OfText("station", values.Select(v => v.Station).ToArray()), Tensor.Of<double>("hour", values.Select(v => v.Hour).ToArray()), Tensor.Of<double>("value", values.Select(v => v.Value).ToArray()));
}
