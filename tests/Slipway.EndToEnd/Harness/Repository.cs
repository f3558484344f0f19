using System.Reflection;

namespace Slipway.EndToEnd.Harness;

/// <summary>The checkout under test: $SLIPWAY_REPO, or the folder above these tests that holds the solution.</summary>
internal static class Repository
{
    public static string Root { get; } = Environment.GetEnvironmentVariable("SLIPWAY_REPO") is { Length: > 0 } given ? Path.GetFullPath(given) : Above();

    /// <summary>Debug or Release, as these tests were built.</summary>
    public static string Configuration { get; } = typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    public static string Program { get; } = Path.Combine(Root, "src", "Slipway.App", "bin", Configuration, "net10.0", "slipway.dll");

    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Package(string example) => PathOf("examples", example, "package");

    private static string Above()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Slipway.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds Slipway.slnx; set SLIPWAY_REPO");
    }
}
