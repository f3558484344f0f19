using System.Text;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>Tells apart PMML as XML and as JSON.</summary>
internal static class DocumentReader
{
    private const int HeadLength = 256;

    /// <summary>Larger documents are read piece by piece.</summary>
    private const int MaxInMemory = 64 << 20;

    /// <summary>Opens a document in its own form.</summary>
    /// <param name="stream">Owned by the reader.</param>
    /// <exception cref="Core.ModelException">It is neither.</exception>
    public static ElementReader Open(Stream stream)
    {
        var head = new byte[stream.CanSeek && stream.Length - stream.Position is > HeadLength and <= MaxInMemory and var rest ? (int)rest : HeadLength];
        int length;
        try
        {
            length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
        if (length == head.Length && length > HeadLength && PlainXml.Matches(head))
        {
            stream.Dispose();
            return new PlainElementReader(head);
        }
        var whole = new PrefixedStream(head.AsMemory(0, length), stream);
        return IsJson(head.AsSpan(0, length)) ? new JsonElementReader(whole) : new XmlElementReader(whole);
    }

    /// <summary>Whether a file with this beginning is PMML, in either form and whatever the encoding.</summary>
    public static bool IsPmml(string fileName, ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head).Replace("\0", "", StringComparison.Ordinal);
        if (IsJson(head)) return text.Contains("\"PMML\"", StringComparison.Ordinal) || text.Contains("\"DataDictionary\"", StringComparison.Ordinal);
        return text.Contains("<PMML", StringComparison.Ordinal) || (text.Contains("<!DOCTYPE PMML", StringComparison.Ordinal) && fileName.EndsWith(".pmml", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsJson(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        head = head.TrimStart(" \t\r\n"u8);
        return head.Length > 0 && head[0] == '{';
    }

    /// <summary>A stream of which the beginning was read already.</summary>
    private sealed class PrefixedStream(ReadOnlyMemory<byte> head, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _head = head;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (_head.IsEmpty) return rest.Read(buffer);
            var count = Math.Min(buffer.Length, _head.Length);
            _head.Span[..count].CopyTo(buffer);
            _head = _head[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
