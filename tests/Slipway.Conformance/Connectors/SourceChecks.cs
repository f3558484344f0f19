using System.Text.Json;
using Slipway.Core;
using Slipway.Pipelines.Connectors;

namespace Slipway.Conformance.Connectors;

/// <summary>
/// What every <see cref="ISource"/> must keep, over data that does not change while it is checked: positions are exact, batches are only a matter of size,
/// and raw rows read again are the same rows.
/// </summary>
/// <param name="open">A new source each time, as after a restart.</param>
/// <param name="good">Good rows in the data.</param>
/// <param name="bad">Bad rows in the data.</param>
public sealed class SourceChecks(Func<ISource> open, int good, int bad)
{
    private static readonly int[] BatchSizes = [1, 2, 3, 7, 100_000];

    public async Task AllAsync()
    {
        await SchemaIsStableAsync();
        await EveryRowComesOnceAsync();
        await BatchSizeDoesNotMatterAsync();
        await ReadingResumesFromEveryPositionAsync();
        await OldPositionGivesTheSameRowsAgainAsync();
        await RawRowsAreTheSameRowsAsync();
        await BadRowsStayBadAsync();
        await EndStaysTheEndAsync();
    }

    public async Task SchemaIsStableAsync()
    {
        var (first, second) = (await SchemaAsync(), await SchemaAsync());
        if (!first.Equals(second)) throw new ConformanceException($"schema: first {first}, then {second}");
    }

    public async Task EveryRowComesOnceAsync()
    {
        var all = await ReadAsync(null, 100_000);
        if (all.Rows.Count != good) throw new ConformanceException($"{good} good rows expected, {all.Rows.Count} found: {string.Join(" | ", all.Rows.Take(20))}");
        if (all.Faults.Count != bad) throw new ConformanceException($"{bad} bad rows expected, {all.Faults.Count} found: {string.Join(" | ", all.Faults.Take(20))}");
    }

    public async Task BatchSizeDoesNotMatterAsync()
    {
        var all = await ReadAsync(null, 100_000);
        foreach (var size in BatchSizes)
        {
            var read = await ReadAsync(null, size);
            RowText.Same($"rows in batches of {size}", all.Rows, read.Rows);
            RowText.Same($"raw rows in batches of {size}", all.Raw, read.Raw);
            RowText.Same($"bad rows in batches of {size}", all.Faults, read.Faults);
        }
    }

    public async Task ReadingResumesFromEveryPositionAsync()
    {
        foreach (var size in new[] { 1, 3 })
        {
            var all = await ReadAsync(null, size);
            for (var i = 0; i < all.Positions.Count; i++)
            {
                var (position, rows, faults) = all.Positions[i];
                var rest = await ReadAsync(position, 100_000);
                RowText.Same($"rows after position {i} ({position})", all.Rows[rows..], rest.Rows);
                RowText.Same($"bad rows after position {i} ({position})", all.Faults[faults..], rest.Faults);
            }
        }
    }

    public async Task OldPositionGivesTheSameRowsAgainAsync()
    {
        await using var source = open();
        var schema = await SchemaAsync();
        string? position = null;
        while (true)
        {
            using var once = await source.ReadAsync(schema, position, 2, default);
            using var again = await source.ReadAsync(schema, position, 2, default);
            if (once is null && again is null) return;
            if (once is null || again is null) throw new ConformanceException($"position {position} read twice: once rows, once none");
            RowText.Same($"position {position} read twice", [.. RowText.Of(once.Rows), .. once.Raw], [.. RowText.Of(again.Rows), .. again.Raw]);
            position = once.Position;
        }
    }

    public async Task RawRowsAreTheSameRowsAsync()
    {
        var all = await ReadAsync(null, 100_000);
        await using var source = open();
        using var parsed = source.Parse(await SchemaAsync(), all.Raw);
        if (parsed.Faults.Count > 0) throw new ConformanceException($"raw row of a good row is refused: {parsed.Faults[0]}");
        RowText.Same("rows parsed from their raw form", all.Rows, RowText.Of(parsed.Rows));
        RowText.Same("raw form of parsed rows", all.Raw, parsed.Raw);
    }

    /// <summary>Each bad row, given again, is one row; and still a bad one.</summary>
    public async Task BadRowsStayBadAsync()
    {
        var all = await ReadAsync(null, 100_000);
        await using var source = open();
        var schema = await SchemaAsync();
        foreach (var raw in all.FaultsRaw)
        {
            using var parsed = source.Parse(schema, [raw]);
            if (parsed.Rows.Rows != 0 || parsed.Faults.Count != 1) throw new ConformanceException($"bad row '{raw}' parsed again: {parsed.Rows.Rows} good, {parsed.Faults.Count} bad rows");
            if (parsed.Faults[0].Raw != raw) throw new ConformanceException($"bad row '{raw}' parsed again has the raw form '{parsed.Faults[0].Raw}'");
        }
    }

    public async Task EndStaysTheEndAsync()
    {
        var all = await ReadAsync(null, 100_000);
        var rest = await ReadAsync(all.Positions[^1].Position, 1);
        if (rest.Rows.Count + rest.Faults.Count > 0) throw new ConformanceException($"{rest.Rows.Count} rows after the end");
    }

    private async Task<TableSchema> SchemaAsync()
    {
        await using var source = open();
        return await source.DiscoverAsync(default) ?? throw new ConformanceException("no schema although there are rows");
    }

    private async Task<ReadRows> ReadAsync(string? position, int maxRows)
    {
        var schema = await SchemaAsync();
        var read = new ReadRows();
        while (true)
        {
            await using var source = open();
            using var batch = await source.ReadAsync(schema, position, maxRows, default);
            if (batch is null) return read;
            var count = batch.Rows.Rows;
            if (count + batch.Faults.Count is 0 || count + batch.Faults.Count > maxRows) throw new ConformanceException($"{count} good and {batch.Faults.Count} bad rows in a batch of {maxRows} at most");
            if (batch.Raw.Count != count) throw new ConformanceException($"{count} rows, {batch.Raw.Count} raw rows");
            if (!schema.Columns.Select(c => (c.Name, c.Type)).SequenceEqual(batch.Rows.Select(t => (t.Name, t.Type)))) throw new ConformanceException($"rows are {batch.Rows}, the schema is {schema}");
            using (JsonDocument.Parse(batch.Position))
            {
                position = batch.Position;
            }
            read.Rows.AddRange(RowText.Of(batch.Rows));
            read.Raw.AddRange(batch.Raw);
            read.Faults.AddRange(batch.Faults.Select(f => $"{f.Raw}: {f.Reason}"));
            read.FaultsRaw.AddRange(batch.Faults.Select(f => f.Raw));
            read.Positions.Add((position, read.Rows.Count, read.Faults.Count));
        }
    }

    private sealed class ReadRows
    {
        public List<string> Rows { get; } = [];

        public List<string> Raw { get; } = [];

        public List<string> Faults { get; } = [];

        public List<string> FaultsRaw { get; } = [];

        public List<(string Position, int Rows, int Faults)> Positions { get; } = [];
    }
}
