using System.Runtime.InteropServices;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>
/// Samples in the data folder's database, written without waiting for the disk (<see cref="SlipwayDatabase"/> says what that risks).
/// A sample whose id is there already is left as it is, so that a batch may be written again.
/// </summary>
public sealed class SqliteSampleStore(SlipwayDatabase database) : ISampleStore
{
    private const int SweepChunk = 2000;

    public void Write(IReadOnlyList<Sample> samples)
    {
        if (samples.Count == 0) return;
        database.WriteRelaxed(connection =>
        {
            foreach (var (useCase, added) in Insert(connection, samples)) Count(connection, useCase, added);
            return true;
        });
    }

    public IReadOnlyList<Sample> Read(SampleQuery query)
    {
        var sql = new StringBuilder("SELECT id Id, use_case UseCase, model Model, version Version, time Time, input Input, prediction Prediction, label Label FROM sample");
        var join = " WHERE ";
        void Where(bool wanted, string condition)
        {
            if (!wanted) return;
            sql.Append(join).Append(condition);
            join = " AND ";
        }

        Where(query.UseCase is not null, "use_case = @UseCase");
        Where(query.Model is not null, "model = @Model");
        Where(query.Version is not null, "version = @Version");
        Where(query.From is not null, "time >= @From");
        Where(query.To is not null, "time < @To");
        sql.Append(" ORDER BY time DESC, row DESC LIMIT @Limit");
        var arguments = new
        {
            query.UseCase,
            query.Model,
            query.Version,
            From = query.From is { } from ? UnixMicroseconds.From(from) : 0,
            To = query.To is { } to ? UnixMicroseconds.From(to) : 0,
            Limit = Math.Max(query.Limit, 0),
        };
        return database.Read(connection => connection.All<SampleRow, Sample>(sql.ToString(), arguments, row => row.ToSample()));
    }

    public long Count(string useCase) => database.Read(connection =>
        connection.Scalar<long>("SELECT coalesce(max(samples), 0) FROM sample_count WHERE use_case = @UseCase", new { UseCase = useCase }));

    /// <inheritdoc/>
    /// <remarks>Labels are acknowledged to whoever sends them, so they wait for the disk.</remarks>
    public bool SetLabel(string id, string label, DateTimeOffset at) => database.Write(connection => connection.Execute(
        "UPDATE sample SET label = @Label, labelled_at = @At WHERE id = @Id",
        new { Id = id, Label = label, At = UnixMicroseconds.From(at) }) == 1);

    /// <inheritdoc/>
    /// <remarks>In chunks, each a transaction of its own, so that other writers wait for one chunk at most.</remarks>
    public int Sweep(string useCase, DateTimeOffset before)
    {
        var total = 0;
        int deleted;
        do
        {
            deleted = database.WriteRelaxed(connection =>
            {
                var gone = connection.Execute(
                    "DELETE FROM sample WHERE row IN (SELECT row FROM sample WHERE use_case = @UseCase AND time < @Before ORDER BY time LIMIT @Chunk)",
                    new { UseCase = useCase, Before = UnixMicroseconds.From(before), Chunk = SweepChunk });
                if (gone > 0) Count(connection, useCase, -gone);
                return gone;
            });
            total += deleted;
        }
        while (deleted == SweepChunk);
        return total;
    }

    private static Dictionary<string, int> Insert(SqliteConnection connection, IReadOnlyList<Sample> samples)
    {
        var added = new Dictionary<string, int>(StringComparer.Ordinal);
        using var insert = new SampleInsert(connection);
        for (var i = 0; i < samples.Count; i++)
        {
            if (insert.Add(samples[i])) CollectionsMarshal.GetValueRefOrAddDefault(added, samples[i].UseCase, out _)++;
        }
        return added;
    }

    private static void Count(SqliteConnection connection, string useCase, int change) => connection.Execute(
        "INSERT INTO sample_count (use_case, samples) VALUES (@UseCase, max(@Change, 0)) ON CONFLICT (use_case) DO UPDATE SET samples = samples + @Change",
        new { UseCase = useCase, Change = change });

    private sealed record SampleRow(string Id, string UseCase, string Model, long Version, long Time, string Input, string Prediction, string? Label)
    {
        public Sample ToSample() => new(Id, UseCase, Model, (int)Version, UnixMicroseconds.ToTime(Time), Input, Prediction, Label);
    }
}
