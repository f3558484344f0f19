using Dapper;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>Alerts in the data folder's database. One watch of one use case has at most one firing alert: starting it again gives the one that fires.</summary>
public sealed class SqliteAlertStore(SlipwayDatabase database) : IAlertStore
{
    private const string Columns = "id Id, use_case UseCase, watch Watch, message Message, started_at StartedAt, ended_at EndedAt";

    public Alert Start(string useCase, string watch, string message, DateTimeOffset at) => database.Write(connection =>
    {
        var key = new { UseCase = useCase, Watch = watch, Message = message, At = UnixMicroseconds.From(at) };
        connection.Execute(
            "INSERT INTO alert (use_case, watch, message, started_at) VALUES (@UseCase, @Watch, @Message, @At) ON CONFLICT (use_case, watch) WHERE ended_at IS NULL DO NOTHING", key);
        return connection.First<AlertRow, Alert>($"SELECT {Columns} FROM alert WHERE use_case = @UseCase AND watch = @Watch AND ended_at IS NULL", key, row => row.ToAlert())!;
    });

    /// <inheritdoc/>
    /// <remarks>Ending an alert that has ended keeps its first end.</remarks>
    /// <exception cref="NotFoundException">No such alert.</exception>
    public void End(long id, DateTimeOffset at) => database.Write(connection =>
    {
        var known = connection.Execute("UPDATE alert SET ended_at = coalesce(ended_at, @At) WHERE id = @Id", new { Id = id, At = UnixMicroseconds.From(at) });
        if (known == 0) throw new NotFoundException($"there is no alert {id}");
    });

    public IReadOnlyList<Alert> List(string? useCase, int limit = 100) => database.Read(connection => connection.All<AlertRow, Alert>(
        $"""
        SELECT {Columns} FROM alert {(useCase is null ? "" : "WHERE use_case = @UseCase")}
        ORDER BY ended_at IS NOT NULL, started_at DESC, id DESC LIMIT @Limit
        """,
        new { UseCase = useCase, Limit = Math.Max(limit, 0) },
        row => row.ToAlert()));

    private sealed record AlertRow(long Id, string UseCase, string Watch, string Message, long StartedAt, long? EndedAt)
    {
        public Alert ToAlert() => new(Id, UseCase, Watch, Message, UnixMicroseconds.ToTime(StartedAt), UnixMicroseconds.ToTime(EndedAt));
    }
}
