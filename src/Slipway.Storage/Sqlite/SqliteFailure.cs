using Microsoft.Data.Sqlite;
using Slipway.Core;

namespace Slipway.Storage;

/// <summary>What SQLite's error codes mean for the person who runs Slipway.</summary>
internal static class SqliteFailure
{
    /// <summary>Codes: https://www.sqlite.org/rescode.html</summary>
    public static SlipwayException Explain(string path, SqliteException e) => new(path + ": " + e.SqliteErrorCode switch
    {
        5 or 6 => $"another process has been writing to the database for more than {SlipwayDatabase.BusySeconds} seconds; see which one holds the file open (lsof) and try again",
        8 => "the database cannot be written to; see who owns the file and its folder, and whether the file system is mounted read-only",
        10 => $"reading or writing the disk failed ({e.SqliteExtendedErrorCode}: {e.Message}); see the disk's health and the kernel log",
        11 => $"the database is damaged ({e.Message}); restore the data folder from its backup",
        13 => "the disk is full; nothing of this change was kept; make room and try again",
        14 => "the database cannot be opened; see that the folder exists and that this user may write to it",
        26 => "this file is not a SQLite database; point --data at a Slipway data folder or at an empty one",
        _ => e.Message,
    }, e);
}
