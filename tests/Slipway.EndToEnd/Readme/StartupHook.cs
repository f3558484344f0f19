using System.Diagnostics;

/// <summary>
/// Runs inside a program that is started with this assembly in DOTNET_STARTUP_HOOKS, and writes at its end what it loaded: managed assemblies by name,
/// mapped files by path. The runtime finds it by this name, outside any namespace.
/// </summary>
#pragma warning disable CA1050
internal static class StartupHook
#pragma warning restore CA1050
{
    public const string ReportVariable = "LOADED_REPORT";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(ReportVariable) is not { } report) return;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            var assemblies = AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetName().Name ?? "");
            var files = Process.GetCurrentProcess().Modules.Cast<ProcessModule>().Select(m => m.FileName);
            File.WriteAllLines(report, assemblies.Concat(files));
        };
    }
}
