using System.Collections.Concurrent;
using System.Diagnostics;

namespace Slipway.Tests;

/// <summary>
/// Real models and data, which are not in the repository: in $SLIPWAY_CORPORA or in ../shared/corpora beside it,
/// as folders NAME/open or as archives NAME-open.tar.xz, which are unpacked once to the temporary folder.
/// </summary>
internal static class Corpora
{
    private static readonly ConcurrentDictionary<string, Lazy<string?>> Folders = new();

    /// <summary>The folder of one corpus; skips the test that asks when it is absent.</summary>
    public static string Find(string name)
    {
        var folder = Folders.GetOrAdd(name, n => new Lazy<string?>(() => Locate(n))).Value;
        if (folder is null) Assert.Skip($"the corpus '{name}' is absent: $SLIPWAY_CORPORA or ../shared/corpora beside the repository holds {name}-open.tar.xz");
        return folder!;
    }

    private static string? Locate(string name)
    {
        if (Root() is not { } root) return null;
        var unpacked = Path.Combine(root, name, "open");
        if (Directory.Exists(unpacked)) return unpacked;
        var archive = Path.Combine(root, $"{name}-open.tar.xz");
        return File.Exists(archive) ? Unpack(archive, name) : null;
    }

    private static string? Root()
    {
        if (Environment.GetEnvironmentVariable("SLIPWAY_CORPORA") is { Length: > 0 } given) return given;
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Slipway.slnx"))) folder = folder.Parent;
        return folder?.Parent is { } parent ? Path.Combine(parent.FullName, "shared", "corpora") : null;
    }

    /// <summary>Unpacks beside the final place and moves there, so that another test process sees all of it or nothing.</summary>
    private static string Unpack(string archive, string name)
    {
        var size = new FileInfo(archive).Length;
        var target = Path.Combine(Path.GetTempPath(), "slipway-corpora", $"{name}-{size}");
        if (Directory.Exists(target)) return Path.Combine(target, "open");
        var partial = Directory.CreateDirectory($"{target}.{Environment.ProcessId}").FullName;
        using (var tar = Process.Start("tar", ["-xJf", archive, "-C", partial]))
        {
            tar.WaitForExit();
            if (tar.ExitCode != 0) throw new InvalidOperationException($"tar could not unpack {archive}");
        }
        try
        {
            Directory.Move(partial, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            Directory.Delete(partial, recursive: true);
        }
        return Path.Combine(target, "open");
    }
}
