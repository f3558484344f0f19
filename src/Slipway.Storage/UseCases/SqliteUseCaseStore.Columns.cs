using System.Text.Json;
using Dapper;
using Slipway.Core;

namespace Slipway.Storage;

public sealed partial class SqliteUseCaseStore
{
    public TableSchema? LearntColumns(string useCase, int revision)
    {
        var columns = database.Read(connection => connection.Scalar<string>(
            "SELECT columns FROM learnt_columns WHERE use_case = @UseCase AND revision = @Revision", new { UseCase = useCase, Revision = revision }));
        return columns is null ? null : new TableSchema([.. JsonSerializer.Deserialize<string[][]>(columns)!.Select(pair => new ColumnSpec(pair[0], TypeOf(pair[1])))]);
    }

    public void KeepLearntColumns(string useCase, int revision, TableSchema columns)
    {
        var pairs = JsonSerializer.Serialize(columns.Columns.Select(c => new[] { c.Name, c.Type.ProtocolName }).ToArray());
        database.Write(connection => connection.Execute(
            """
            INSERT INTO learnt_columns (use_case, revision, columns) VALUES (@UseCase, @Revision, @Columns)
            ON CONFLICT (use_case) DO UPDATE SET revision = excluded.revision, columns = excluded.columns
            """,
            new { UseCase = useCase, Revision = revision, Columns = pairs }));
    }

    private static ElementType TypeOf(string protocolName) =>
        ElementTypes.TryParse(protocolName, out var type) ? type : throw new SlipwayException($"the stored columns name an unknown type '{protocolName}'");
}
