using System.Buffers;
using Slipway.Core;

namespace Slipway.Models.Packages;

/// <summary>A whole file in a pooled buffer.</summary>
internal readonly struct FileContent : IDisposable
{
    private readonly byte[] _buffer;
    private readonly int _length;

    private FileContent(byte[] buffer, int length) => (_buffer, _length) = (buffer, length);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <exception cref="ModelException">The file is absent, longer than <paramref name="maxLength"/> bytes, or cannot be read.</exception>
    public static FileContent Read(string path, long maxLength)
    {
        byte[]? buffer = null;
        try
        {
            if (IsEmpty(path)) return new FileContent([], 0);
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > maxLength) throw new ModelException($"{path}: {length} bytes; at most {maxLength} are read from one such file");
            buffer = ArrayPool<byte>.Shared.Rent((int)length);
            var read = 0;
            while (read < length && RandomAccess.Read(file, buffer.AsSpan(read, (int)length - read), read) is > 0 and var more) read += more;
            var content = new FileContent(buffer, read);
            buffer = null;
            return content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ModelException($"{path}: cannot be read: {e.Message}", e);
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>True for a file without content, and for a pipe: opening one would wait for its writer.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static bool IsEmpty(string path) => new FileInfo(RealPath.Of(path)).Length == 0;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
