using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

/// <summary>
/// A file in memory without being read: the system brings the pages that are touched, and shares them among processes.
/// It stays mapped while anything holds a part of it, and as long it is locked against programs that ask for locks. Writing to a part changes this process's copy alone.
/// </summary>
/// <remarks>Reading a page behind the end of a file that was cut ends the process: see docs/adr/017-mapped-files-that-change.md.</remarks>
internal sealed unsafe partial class MappedFile
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly DateTime _written;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    private MappedFile(string path)
    {
        _path = path;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            Length = RandomAccess.GetLength(_handle);
            _written = File.GetLastWriteTimeUtc(_handle);
            _file = MemoryMappedFile.CreateFromFile(_handle, null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
            _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.CopyOnWrite);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
            _start += _view.PointerOffset;
            // A file that shrank meanwhile is mapped as far as it goes.
            Length = Math.Min(Length, (long)_view.SafeMemoryMappedViewHandle.ByteLength);
        }
        catch
        {
            _handle.Dispose();
            throw;
        }
    }

    ~MappedFile()
    {
        if (_start == null) return;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        _handle.Dispose();
    }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Maps a file that is not empty.</summary>
    /// <exception cref="ModelException">It cannot be read.</exception>
    public static MappedFile Open(string path)
    {
        try
        {
            return new MappedFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ModelException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A part of the file, which keeps the file mapped.</summary>
    public Memory<byte> Slice(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new Part(this, offset, length).Memory;
    }

    /// <exception cref="ModelException">The file has another length or was written to since it was mapped.</exception>
    private void RequireUnchanged()
    {
        var length = RandomAccess.GetLength(_handle);
        if (length == Length && File.GetLastWriteTimeUtc(_handle) == _written) return;
        throw new ModelException($"{_path} was changed after it was loaded ({length} bytes, {Length} when it was loaded), and tensors are read from it where they lie: load the model again, and replace model files by renaming");
    }

    private static void Discard(byte* from, int length)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return;
        var page = (nuint)Environment.SystemPageSize;
        // Pages that are shared with other tensors stay.
        var start = ((nuint)from + page - 1) / page * page;
        var end = ((nuint)from + (nuint)length) / page * page;
        // What fails here costs memory, nothing else.
        if (end > start) _ = Advise((void*)start, end - start, DontNeed);
    }

    private const int DontNeed = 4;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint length, int advice);

    private sealed class Part(MappedFile file, long offset, int length) : FileMemory
    {
        public override Span<byte> GetSpan() => new(file._start + offset, length);

        public override void Discard(int start, int count)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(start);
            ArgumentOutOfRangeException.ThrowIfNegative(count);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(start, length - count);
            MappedFile.Discard(file._start + offset + start, count);
        }

        public override void RequireUnchanged() => file.RequireUnchanged();

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)length);
            return new MemoryHandle(file._start + offset + elementIndex, pinnable: this);
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
