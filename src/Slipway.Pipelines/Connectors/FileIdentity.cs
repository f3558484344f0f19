using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Slipway.Pipelines.Connectors;

/// <summary>
/// What stays the same when a file is renamed or written to, and is never another file's: its inode with the time it was born, which an inode number
/// that is used again does not share. Linux, on file systems that keep the time of birth (ext4, XFS, Btrfs, ZFS, tmpfs); elsewhere a file has no identity.
/// </summary>
internal static partial class FileIdentity
{
    private const int CurrentDirectory = -100, InodeMask = 0x100, BirthMask = 0x800;

    /// <summary>Null when it cannot be told.</summary>
    public static string? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> status = stackalloc byte[256];
        if (Statx(CurrentDirectory, path, 0, InodeMask | BirthMask, status) != 0) return null;
        // struct statx: the mask of what was filled at 0, the inode at 32, the seconds and nanoseconds of birth at 80.
        var filled = BinaryPrimitives.ReadUInt32LittleEndian(status);
        if ((filled & BirthMask) == 0) return null;
        var inode = BinaryPrimitives.ReadUInt64LittleEndian(status[32..]);
        var seconds = BinaryPrimitives.ReadInt64LittleEndian(status[80..]);
        var nanoseconds = BinaryPrimitives.ReadUInt32LittleEndian(status[88..]);
        return $"{inode:x}-{seconds:x}-{nanoseconds:x}";
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, Span<byte> status);
}
