using System.Runtime.InteropServices;

namespace Slipway.Storage;

/// <summary>A second name for a file; a copy where the file system or its rules give no second name.</summary>
internal static partial class HardLink
{
    public static void CreateOrCopy(string existing, string name)
    {
        var linked = OperatingSystem.IsWindows() ? CreateHardLink(name, existing, 0) : Link(existing, name) == 0;
        if (!linked) File.Copy(existing, name);
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string name, string existing, nint securityAttributes);
}
