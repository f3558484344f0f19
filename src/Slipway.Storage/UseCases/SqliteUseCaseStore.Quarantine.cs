using Dapper;
using Microsoft.Data.Sqlite;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>Quarantine: rows come in with the commit of the batch they were part of, and leave when released.</summary>
public sealed partial class SqliteUseCaseStore
{
    public IReadOnlyList<QuarantinedRow> Quarantine(string? useCase, int limit = 100) =>
        Rows(useCase is null ? "" : "WHERE use_case = @UseCase", new { UseCase = useCase, Limit = Math.Max(limit, 0) });

    public IReadOnlyList<QuarantinedRow> Quarantined(IReadOnlyCollection<long> ids) =>
        Rows("WHERE id IN (SELECT value FROM json_each(@Ids))", new { Ids = $"[{string.Join(',', ids)}]", Limit = ids.Count });

    public long QuarantineCount(string useCase) => database.Read(connection =>
        connection.Scalar<long>("SELECT count(*) FROM quarantine WHERE use_case = @UseCase", new { UseCase = useCase }));

    public int Release(IReadOnlyList<long> ids) => ids.Count == 0 ? 0 : database.Write(connection =>
    {
        using var delete = connection.CreateCommand();
        delete.CommandText = "DELETE FROM quarantine WHERE id = @Id";
        var id = delete.Parameters.Add("@Id", SqliteType.Integer);
        var released = 0;
        foreach (var each in ids)
        {
            id.Value = each;
            released += delete.ExecuteNonQuery();
        }
        return released;
    });

    private QuarantinedRow[] Rows(string where, object arguments) => database.Read(connection => connection.All<QuarantineRow, QuarantinedRow>(
        $"SELECT id Id, use_case UseCase, time Time, position Position, stage Stage, reason Reason, raw Raw FROM quarantine {where} ORDER BY id LIMIT @Limit",
        arguments,
        row => row.ToQuarantinedRow()));

    private static void InsertQuarantine(SqliteConnection connection, string useCase, IReadOnlyList<QuarantinedRow> rows)
    {
        if (rows.Count == 0) return;
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO quarantine (use_case, time, position, stage, reason, raw) VALUES (@UseCase, @Time, @Position, @Stage, @Reason, @Raw)";
        insert.Parameters.Add("@UseCase", SqliteType.Text).Value = useCase;
        var time = insert.Parameters.Add("@Time", SqliteType.Integer);
        var position = insert.Parameters.Add("@Position", SqliteType.Text);
        var stage = insert.Parameters.Add("@Stage", SqliteType.Text);
        var reason = insert.Parameters.Add("@Reason", SqliteType.Text);
        var raw = insert.Parameters.Add("@Raw", SqliteType.Text);
        foreach (var row in rows)
        {
            time.Value = UnixMicroseconds.From(row.Time);
            position.Value = row.Position;
            stage.Value = row.Stage;
            reason.Value = row.Reason;
            raw.Value = row.Raw;
            insert.ExecuteNonQuery();
        }
    }

    private sealed record QuarantineRow(long Id, string UseCase, long Time, string Position, string Stage, string Reason, string Raw)
    {
        public QuarantinedRow ToQuarantinedRow() => new(Id, UseCase, UnixMicroseconds.ToTime(Time), Position, Stage, Reason, Raw);
    }
}
