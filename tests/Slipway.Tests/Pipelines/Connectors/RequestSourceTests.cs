using Slipway.Core;
using Slipway.Pipelines.Connectors;

namespace Slipway.Tests.Pipelines.Connectors;

public sealed class RequestSourceTests
{
    private static readonly ConnectorContext Context = new("plant", "/", TimeProvider.System, Secrets.FromMachine, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    [Fact]
    public async Task Schema_is_that_of_the_spec_and_there_is_nothing_to_read()
    {
        var spec = new RequestSource(new OrderedDictionary<string, ColumnKind> { ["temp"] = ColumnKind.Number, ["city"] = ColumnKind.Text });
        await using var source = spec.Open(Context);
        var schema = await source.DiscoverAsync(default);
        Assert.Equal("temp FP64, city BYTES", schema!.ToString());
        Assert.Null(await source.ReadAsync(schema, null, 10, default));
        Assert.Empty(new RequestSource().Schema.Columns);
    }

    [Fact]
    public async Task Rows_are_parsed_and_bad_ones_are_faults()
    {
        var spec = new RequestSource(new OrderedDictionary<string, ColumnKind> { ["temp"] = ColumnKind.Number, ["city"] = ColumnKind.Text });
        await using var source = spec.Open(Context);
        string[] raw = ["""{"city":"Bern","temp":1}""", """{"temp":"warm"}""", "{}", """{"tmp":1}""", "nonsense"];
        using var batch = source.Parse(spec.Schema, raw);
        Assert.Equal("1 -", UseCaseFolder.Column(batch.Rows, "temp"));
        Assert.Equal("Bern -", UseCaseFolder.Column(batch.Rows, "city"));
        Assert.Equal([raw[0], raw[2]], batch.Raw);
        Assert.Equal([raw[1], raw[3], raw[4]], batch.Faults.Select(f => f.Raw));
        Assert.Contains("'tmp' is not a column; columns: temp, city", batch.Faults[1].Reason);
    }
}
