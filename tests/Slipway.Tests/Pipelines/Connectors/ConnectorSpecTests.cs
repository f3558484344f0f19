using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Pipelines.Actions;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.Connectors.Databases;

namespace Slipway.Tests.Pipelines.Connectors;

public sealed class ConnectorSpecTests
{
    private static readonly SpecReader Reader = new(new ComponentCatalog()
        .Add<SourceSpec, CsvSource>().Add<SourceSpec, TableSource>().Add<SourceSpec, RequestSource>()
        .Add<SinkSpec, CsvSink>().Add<SinkSpec, TableSink>().Add<SinkSpec, HttpSink>().Add<SinkSpec, LogSink>());

    [Fact]
    public void Sources_are_read_from_yaml()
    {
        var csv = (CsvSource)Source("csv: { path: \"data/hourly-*.csv\", follow: true, columns: { zip: text }, missing: [NA, N/A], delimiter: \";\" }");
        Assert.Equal(("data/hourly-*.csv", true, ';', ColumnKind.Text), (csv.Path, csv.Follow, csv.Delimiter, csv.Columns!["zip"]));
        Assert.Equal(["NA", "N/A"], csv.Missing);
        var table = (TableSource)Source("table: { connection: \"${env:WAREHOUSE}\", provider: postgresql, query: \"select 1 as id;\", watermark: id, batch: 7 }");
        Assert.Equal((DatabaseProvider.Postgresql, "select 1 as id", 7), (table.Provider, table.Query, table.Batch));
        var request = (RequestSource)Source("request: { columns: { temp: number, city: text } }");
        Assert.Equal("temp FP64, city BYTES", request.Schema.ToString());
        Assert.Null(((RequestSource)Source("request")).Columns);
    }

    [Fact]
    public void Sinks_are_read_from_yaml()
    {
        Assert.Equal("risk {p}", ((LogSink)Sink("log: \"risk {p}\"")).Message);
        Assert.Null(((LogSink)Sink("log: {}")).Message);
        Assert.Equal(["a", "b"], ((CsvSink)Sink("csv: { path: out.csv, columns: [a, b] }")).Columns);
        Assert.Equal(["a"], ((TableSink)Sink("table: { connection: \"Data Source=a.db\", name: t, key: [a] }")).Key);
        var http = (HttpSink)Sink("http: { url: \"https://ops.example/alerts\", headers: { Authorization: \"Bearer ${env:T}\" }, body: row, retry: { attempts: 8, delay: 250ms }, timeout: 3s, secret: \"${env:S}\" }");
        Assert.Equal((8, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(3), HttpBodyKind.Row), (http.Retry.Attempts, http.Retry.Wait.Value, http.AttemptTimeout, http.Body));
    }

    [Theory]
    [InlineData("source: { csv: { path: \"\" } }", "source.csv.path")]
    [InlineData("source: { csv: { path: a.csv, delimiter: \"ab\" } }", "source.csv.delimiter")]
    [InlineData("source: { csv: { path: a.csv, folow: true } }", "source.csv.folow")]
    [InlineData("source: { table: { connection: \"Host=db;Password=hunter2\", name: t, watermark: id } }", "source.table.connection")]
    [InlineData("source: { table: { connection: \"Data Source=a.db\", watermark: id } }", "source.table.query")]
    [InlineData("source: { table: { connection: \"Data Source=a.db\", name: t, watermark: id, batch: 0 } }", "source.table.batch")]
    [InlineData("source: { csv: { path: a.csv } }\nsink: { http: { url: \"file:///etc\" } }", "sink.http.url")]
    [InlineData("source: { csv: { path: a.csv } }\nsink: { http: { url: \"http://x/\", secret: plain } }", "sink.http.secret")]
    [InlineData("source: { csv: { path: a.csv } }\nsink: { http: { url: \"http://x/\", headers: { Authorization: plain } } }", "sink.http.headers.Authorization")]
    [InlineData("source: { csv: { path: a.csv } }\nsink: { http: { url: \"http://x/\", retry: { attempts: 0 } } }", "sink.http.retry.attempts")]
    public void Mistakes_have_their_path_and_no_secret(string yaml, string path)
    {
        var error = Assert.Throws<SpecException>(() => Reader.Read<Both>(yaml));
        Assert.Equal(path, Assert.Single(error.Problems).Path);
        Assert.DoesNotContain("hunter2", error.Message);
    }

    private static SourceSpec Source(string yaml) => Reader.Read<Both>($"source: {{ {yaml} }}".Replace("{ request }", "request")).Value.Source!;

    private static SinkSpec Sink(string yaml) => Reader.Read<Both>($"sink: {{ {yaml} }}").Value.Sink!;

    private sealed record Both(SourceSpec? Source = null, SinkSpec? Sink = null);
}
