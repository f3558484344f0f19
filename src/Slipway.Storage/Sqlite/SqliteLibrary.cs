using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Slipway.Storage;

/// <summary>Chooses the native SQLite: the system's when it is newer than the bundled one (3.35.5), else the bundled one.</summary>
public static class SqliteLibrary
{
    private const int BundledVersion = 3_035_005;

    private static readonly Lock Gate = new();
    private static bool initialized;

    /// <summary>
    /// Call before the first connection of the process: functions that were called before come from the bundled library, and the system's knows nothing of its
    /// state. Any number of calls, from any thread, are one.
    /// </summary>
    public static void Initialize()
    {
        lock (Gate)
        {
            if (initialized) return;
            try
            {
                NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
            }
            catch (InvalidOperationException)
            {
                // Another part of the process has set its own resolver, which stays: one is all an assembly may have.
            }
            Batteries_V2.Init();
            initialized = true;
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == "e_sqlite3" && OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libsqlite3.so.0", out var system) && IsUsable(system) ? system : 0;

    private static unsafe bool IsUsable(nint library) =>
        NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var version)
        && NativeLibrary.TryGetExport(library, "sqlite3_threadsafe", out var threadsafe)
        && ((delegate* unmanaged[Cdecl]<int>)version)() > BundledVersion
        && ((delegate* unmanaged[Cdecl]<int>)threadsafe)() != 0;
}
