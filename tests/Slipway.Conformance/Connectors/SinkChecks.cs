using Slipway.Core;
using Slipway.Pipelines.Actions;

namespace Slipway.Conformance.Connectors;

/// <summary>
/// What every <see cref="ISink"/> must keep: all rows arrive with all their values, also over a restart, and a sink that knows rows by a key has each once.
/// The rows have the columns <c>id</c> (the key), <c>name</c>, <c>value</c>, <c>ok</c>, and the matrix <c>p</c> of two elements.
/// </summary>
/// <param name="open">A new sink on the same target each time, as after a restart.</param>
/// <param name="readBack">The rows at the target; the column order may differ.</param>
/// <param name="keyed">Rows of the same <c>id</c> replace each other.</param>
public sealed class SinkChecks(Func<TableSchema, ISink> open, Func<Task<Batch>> readBack, bool keyed)
{
    public static TableSchema Schema { get; } = new([
        new("id", ElementType.Int64), new("name", ElementType.Bytes), new("value", ElementType.Float64), new("ok", ElementType.Bool), new("p", ElementType.Float32),
    ]);

    /// <summary>The checks build on each other and are run in order, on a target that is empty at first.</summary>
    public async Task AllAsync()
    {
        await EmptyBatchIsAcceptedAsync();
        await EveryValueArrivesAsync();
        await ReplayLosesNothingAsync();
        await LaterRowReplacesAsync();
        await ManyBatchesArriveAsync();
    }

    public async Task EmptyBatchIsAcceptedAsync()
    {
        await using var sink = open(Schema);
        using var rows = Rows([]);
        await sink.WriteAsync(rows, "empty", default);
    }

    public async Task EveryValueArrivesAsync()
    {
        using var rows = Rows(Difficult);
        var before = RowText.Of(rows);
        await using (var sink = open(Schema))
        {
            await sink.WriteAsync(rows, "first", default);
        }
        RowText.Same("rows after they were written (a sink must leave them alone)", before, RowText.Of(rows));
        await ExpectAsync("rows written once", Difficult);
    }

    public async Task ReplayLosesNothingAsync()
    {
        using var rows = Rows(Difficult);
        await using (var sink = open(Schema))
        {
            await sink.WriteAsync(rows, "first", default);
        }
        await ExpectAsync("rows written twice", keyed ? Difficult : [.. Difficult, .. Difficult]);
    }

    public async Task LaterRowReplacesAsync()
    {
        if (!keyed) return;
        Row[] changed = [Difficult[0] with { Name = "changed", Value = null }, Difficult[0] with { Name = "changed again" }];
        using var rows = Rows(changed);
        await using (var sink = open(Schema))
        {
            await sink.WriteAsync(rows, "second", default);
        }
        await ExpectAsync("rows after one was replaced, twice in the same batch", [changed[1], .. Difficult[1..]]);
    }

    public async Task ManyBatchesArriveAsync()
    {
        var random = new Random(7);
        List<Row> written = [];
        for (var batch = 0; batch < 5; batch++)
        {
            await using var sink = open(Schema);
            var some = Enumerable.Range(1000 * (batch + 1), 300)
                .Select(id => new Row(id, random.Next(5) == 0 ? null : $"name {random.Next()}", random.NextDouble() * Math.Pow(10, random.Next(-300, 300)), random.Next(2) == 0, random.Next(100) / 4f))
                .ToArray();
            using var rows = Rows(some);
            await sink.WriteAsync(rows, $"batch {batch}", default);
            written.AddRange(some);
        }
        var found = await FoundAsync(id => id >= 1000);
        RowText.Same("rows of many batches", Text(written), found);
    }

    private static readonly Row[] Difficult =
    [
        new(1, "plain", 1.5, true, 0.25f),
        new(2, "comma, \"quotes\" and 'apostrophes'", -0.1, false, 0.5f),
        new(3, "line\nend\r\nand tab\t", 5e-324, true, 0),
        new(4, "Zürich 東京 🚀", 1.7976931348623157e308, false, 1),
        new(5, "", 0, true, 0.75f),
        new(6, null, null, null, null),
        new(7, " blanks around ", 9007199254740993, false, 0.125f),
        new(8, "$1 @p0 %s {name} \\ ; -- drop", 1.0 / 3, true, 0.0625f),
    ];

    private async Task ExpectAsync(string what, Row[] rows) => RowText.Same(what, Text(rows), await FoundAsync(id => id < 1000));

    private async Task<IReadOnlyList<string>> FoundAsync(Func<long, bool> which)
    {
        using var found = await readBack();
        var ids = found["id"];
        using var ordered = new Batch();
        foreach (var name in new[] { "id", "name", "value", "ok", "p_0", "p_1" }) ordered.Add(found.Remove(name));
        return [.. RowText.Of(ordered).Select((text, i) => (Text: text, Id: (long)ids.NumberAt(i))).Where(r => which(r.Id)).OrderBy(r => r.Id).ThenBy(r => r.Text, StringComparer.Ordinal).Select(r => r.Text)];
    }

    private static IReadOnlyList<string> Text(IEnumerable<Row> rows)
    {
        using var batch = Rows([.. rows]);
        return [.. RowText.Of(batch).Zip(rows).OrderBy(r => r.Second.Id).ThenBy(r => r.First, StringComparer.Ordinal).Select(r => r.First)];
    }

    private static Batch Rows(Row[] rows)
    {
        var (value, ok, p) = (new Tensor("value", ElementType.Float64, rows.Length), new Tensor("ok", ElementType.Bool, rows.Length), new Tensor("p", ElementType.Float32, rows.Length, 2));
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Value is { } v) value.Values<double>()[i] = v;
            else value.SetMissing(i);
            if (rows[i].Ok is { } o) ok.Values<bool>()[i] = o;
            else ok.SetMissing(i);
            if (rows[i].P is { } q)
            {
                p.Values<float>()[2 * i] = q;
                p.Values<float>()[(2 * i) + 1] = 1 - q;
            }
            else
            {
                p.SetMissing(2 * i);
                p.SetMissing((2 * i) + 1);
            }
        }
        return new Batch(Tensor.Of<long>("id", rows.Select(r => r.Id).ToArray()), Tensor.OfText("name", rows.Select(r => r.Name).ToArray()), value, ok, p);
    }

    private sealed record Row(long Id, string? Name, double? Value, bool? Ok, float? P);
}
