using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Slipway.Storage;

/// <summary>Makes the names in a folder durable: on Unix a file that was renamed outlives a loss of power only after its folder was flushed.</summary>
internal static partial class DirectorySync
{
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return; // NTFS journals its names
        var descriptor = Open(folder, 0);
        if (descriptor < 0) throw Failure("open", folder);
        try
        {
            if (Fsync(descriptor) != 0) throw Failure("flush", folder);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string what, string folder)
    {
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"{folder}: cannot {what} the folder: {error.Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
