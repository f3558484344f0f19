using System.Buffers;

namespace Slipway.Data.JsonLines;

/// <summary>Lines of a stream as bytes, in bounded memory.</summary>
internal sealed class LineReader(Stream stream, int maxLine) : IDisposable
{
    private const int KeptOfTooLong = 1 << 12;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
    private int _start;
    private int _end;
    private int _length;
    private bool _ended;
    private int _current;

    /// <summary>Counted from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The line without its end; of one that is too long, the beginning.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_current, _length);

    public bool IsTooLong { get; private set; }

    public bool Read()
    {
        var searched = 0;
        var tooLong = false;
        while (true)
        {
            var data = _buffer.AsSpan(_start, _end - _start);
            var end = data[searched..].IndexOf((byte)'\n');
            if (end >= 0 || (_ended && (data.Length > 0 || tooLong)))
            {
                var length = end < 0 ? data.Length : searched + end;
                _current = _start;
                _length = length > 0 && data[length - 1] == '\r' ? length - 1 : length;
                _start += end < 0 ? length : length + 1;
                IsTooLong = tooLong || length > maxLine;
                if (IsTooLong) _length = Math.Min(_length, KeptOfTooLong);
                if (Number++ == 0 && Line.StartsWith("\uFEFF"u8))
                {
                    _current += 3;
                    _length -= 3;
                }
                return true;
            }
            if (_ended) return false;
            searched = data.Length;
            if (searched > maxLine)
            {
                // Keep the beginning to show, let go of the rest.
                tooLong = true;
                searched = KeptOfTooLong;
                _end = _start + searched;
            }
            Fill();
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _ended = read == 0;
        _end += read;
    }
}
