using System.Runtime.CompilerServices;
using Slipway.Storage;

namespace Slipway.Tests;

/// <summary>
/// Chooses the native SQLite before any test opens a connection, as the program does: functions that are first called before the choice would come from
/// the bundled library and the others from the system's, which knows nothing of the first one's state and crashes.
/// </summary>
internal static class SqliteOfTheProcess
{
    [ModuleInitializer]
    internal static void Choose() => SqliteLibrary.Initialize();
}
