namespace Slipway.Data.JsonLines;

/// <summary>Lines of a stream as bytes, in bounded memory.</summary>
internal sealed class LineReader(Stream stream, int maxLine) : IDisposable
{
    private const int KeptOfTooLong = 1 << 12;

    private readonly StreamWindow _window = new(stream, 1 << 16);
    private int _current;
    private int _length;

    /// <summary>Counted from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The line without its end; of one that is too long, the beginning.</summary>
    public ReadOnlySpan<byte> Line => _window.Buffer.AsSpan(_current, _length);

    public bool IsTooLong { get; private set; }

    public bool Read()
    {
        var searched = 0;
        var tooLong = false;
        while (true)
        {
            var data = _window.Unread;
            var end = data[searched..].IndexOf((byte)'\n');
            if (end >= 0 || (_window.IsAtEnd && (data.Length > 0 || tooLong)))
            {
                var length = end < 0 ? data.Length : searched + end;
                _current = _window.Start;
                _length = length > 0 && data[length - 1] == '\r' ? length - 1 : length;
                _window.Start += end < 0 ? length : length + 1;
                IsTooLong = tooLong || length > maxLine;
                if (IsTooLong) _length = Math.Min(_length, KeptOfTooLong);
                if (Number++ == 0 && Line.StartsWith("\uFEFF"u8))
                {
                    _current += 3;
                    _length -= 3;
                }
                return true;
            }
            if (_window.IsAtEnd) return false;
            searched = data.Length;
            if (searched > maxLine)
            {
                // Keep the beginning to show, let go of the rest.
                tooLong = true;
                searched = KeptOfTooLong;
                _window.End = _window.Start + searched;
            }
            _window.Fill();
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        _window.Dispose();
    }
}
