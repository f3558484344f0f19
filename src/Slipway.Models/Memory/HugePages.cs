using System.Runtime.InteropServices;

namespace Slipway.Models;

/// <summary>
/// Asks the kernel to back large blocks by pages of 2 MiB, where it gives them only to those who ask: a matrix whose rows lie 4 KiB apart needs a translation for every
/// row else. Advice: nothing depends on whether it is taken.
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>Smaller blocks gain little, and would hold whole pages.</summary>
    public const long LeastBytes = 4 << 20;

    private const nint PageBytes = 2 << 20;
    private const int AdviceHugePage = 14;

    /// <summary>Asks for the pages that the block lies in; call it before the first write.</summary>
    /// <returns>The kernel took note of it.</returns>
    public static bool Advise(void* start, long bytes)
    {
        if (bytes < LeastBytes || !OperatingSystem.IsLinux()) return false;
        // The neighbours of a block in its first and last page gain or lose nothing.
        var first = (nint)start & -PageBytes;
        var end = ((nint)start + (nint)bytes + PageBytes - 1) & -PageBytes;
        try
        {
            return MemoryAdvise((void*)first, (nuint)(end - first), AdviceHugePage) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(void* start, nuint length, int advice);
}
