namespace Slipway.Storage;

/// <summary>
/// A locked file <c>ID.lock</c> that says its process lives: the system lets go of the lock when the process ends, however it ends.
/// </summary>
internal sealed class Lease : IDisposable
{
    private const string Extension = ".lock";

    private readonly string folder;
    private readonly FileStream file;

    private Lease(string folder, string id, FileStream file)
    {
        this.folder = folder;
        Id = id;
        this.file = file;
    }

    public string Id { get; }

    public static Lease Take(string folder)
    {
        Directory.CreateDirectory(folder);
        while (true)
        {
            var id = Guid.NewGuid().ToString("N");
            var path = Path.Combine(folder, id + Extension);
            if (TryLock(path, FileMode.CreateNew) is not { } file) continue;
            // A sweep may have taken and deleted the file between its making and its locking.
            if (File.Exists(path)) return new Lease(folder, id, file);
            file.Dispose();
        }
    }

    /// <summary>Whether the process that took this or another lease in the same folder lives.</summary>
    public bool IsHeld(string id)
    {
        if (id == Id) return true;
        var path = Path.Combine(folder, id + Extension);
        if (!File.Exists(path)) return false;
        using var other = TryLock(path, FileMode.Open);
        return other is null && File.Exists(path);
    }

    /// <summary>Removes what dead processes left: for each, first whatever <paramref name="clear"/> removes, then the lease.</summary>
    public static void Sweep(string folder, Action<string> clear)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            using var dead = TryLock(path, FileMode.Open);
            if (dead is null) continue;
            clear(Path.GetFileNameWithoutExtension(path));
            File.Delete(path);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(file.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows deletes no open file: a later sweep will.
        }
        file.Dispose();
    }

    /// <summary>Null when the file is locked, not there, or not this user's to lock.</summary>
    private static FileStream? TryLock(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException) when (mode == FileMode.Open)
        {
            return null;
        }
        catch (IOException e) when (IsSharingViolation(e))
        {
            return null;
        }
    }

    // The runtime gives the system's own code: ERROR_SHARING_VIOLATION on Windows, EAGAIN (11 on Linux, 35 on macOS) elsewhere.
    private static bool IsSharingViolation(IOException e) => OperatingSystem.IsWindows() ? e.HResult == unchecked((int)0x80070020) : e.HResult is 11 or 35;
}
