using System.Buffers;

namespace Slipway.Data;

/// <summary>The part of a stream that a reader is at: bytes that are there and not yet taken, in a buffer that grows where they do not fit.</summary>
internal sealed class StreamWindow(Stream stream, int initial) : IDisposable
{
    /// <summary>The whole buffer; what is unread lies from <see cref="Start"/> to <see cref="End"/>.</summary>
    public byte[] Buffer { get; private set; } = ArrayPool<byte>.Shared.Rent(initial);

    public int Start { get; set; }

    public int End { get; set; }

    /// <summary>Whether the stream had nothing more when it was last asked.</summary>
    public bool IsAtEnd { get; set; }

    public ReadOnlySpan<byte> Unread => Buffer.AsSpan(Start, End - Start);

    /// <summary>Moves the unread bytes to the buffer's front and reads more behind them.</summary>
    public void Fill()
    {
        if (Start > 0)
        {
            Unread.CopyTo(Buffer);
            End -= Start;
            Start = 0;
        }
        if (End == Buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Buffer.Length * 2);
            Unread.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(Buffer);
            Buffer = larger;
        }
        var read = stream.Read(Buffer, End, Buffer.Length - End);
        if (read == 0) IsAtEnd = true;
        End += read;
    }

    /// <summary>Gives the buffer back; the stream stays open.</summary>
    public void Dispose()
    {
        if (Buffer.Length > 0) ArrayPool<byte>.Shared.Return(Buffer);
        Buffer = [];
    }
}
