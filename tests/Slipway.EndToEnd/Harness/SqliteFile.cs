using Microsoft.Data.Sqlite;
using Slipway.Storage;

namespace Slipway.EndToEnd.Harness;

/// <summary>Looks into a database beside the program that writes it.</summary>
internal static class SqliteFile
{
    static SqliteFile() => SqliteLibrary.Initialize();

    /// <summary>The first column of every row; nothing while the file or the table is not there yet.</summary>
    public static List<T> Column<T>(string path, string query)
    {
        var values = new List<T>();
        if (!File.Exists(path)) return values;
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        try
        {
            using var rows = command.ExecuteReader();
            while (rows.Read()) values.Add(rows.GetFieldValue<T>(0));
        }
        catch (SqliteException e) when (e.Message.Contains("no such table", StringComparison.Ordinal))
        {
            values.Clear();
        }
        return values;
    }

    public static void AssertIntact(string path) => Assert.Equal(["ok"], Column<string>(path, "PRAGMA integrity_check"));
}
