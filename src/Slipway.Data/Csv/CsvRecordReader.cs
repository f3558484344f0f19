using Slipway.Core;

namespace Slipway.Data.Csv;

/// <summary>
/// CSV records from a stream, with the exact byte offset of each, in memory bounded by <see cref="CsvDialect.MaxRecord"/>.
/// </summary>
public sealed class CsvRecordReader : IDisposable
{
    private const int InitialBuffer = 1 << 16;

    private readonly Stream _stream;
    private readonly CsvDialect _dialect;
    private readonly CsvTokenizer _tokenizer;
    private readonly bool _follow;
    private readonly bool _leaveOpen;
    private readonly StreamWindow _window;
    private int _current;

    /// <param name="stream">Positioned at <paramref name="offset"/>; disposed with the reader unless <paramref name="leaveOpen"/>.</param>
    /// <param name="follow">More may be appended later: a record is taken only with its line end.</param>
    /// <exception cref="SlipwayException">The file is UTF-16.</exception>
    public CsvRecordReader(Stream stream, CsvDialect dialect, long offset = 0, bool follow = false, bool leaveOpen = false)
    {
        _stream = stream;
        _window = new StreamWindow(stream, InitialBuffer);
        _dialect = dialect;
        _tokenizer = new CsvTokenizer(dialect);
        _follow = follow;
        _leaveOpen = leaveOpen;
        NextOffset = offset;
        if (offset == 0) SkipByteOrderMark();
    }

    /// <summary>Where the current record starts in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the record after it starts: where to go on reading.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The record that <see cref="Read"/> found.</summary>
    public CsvRecord Record => new(_window.Buffer.AsSpan(_current, _tokenizer.ContentLength), _tokenizer.Fields, _tokenizer.Defect);

    /// <summary>Goes to the next record. False at the end: of the file, or (in follow mode) of what is complete.</summary>
    public bool Read()
    {
        while (true)
        {
            var data = _window.Unread;
            var length = _tokenizer.Read(data, _window.IsAtEnd && !_follow);
            if (length == 0 && data.Length >= _dialect.MaxRecord)
            {
                length = _tokenizer.Abandon(data, CsvDefect.TooLong);
                if (length == 0) return SkipLine();
            }
            if (length > 0)
            {
                Take(length);
                return true;
            }
            if (_window.IsAtEnd) return false;
            _window.Fill();
        }
    }

    public void Dispose()
    {
        if (!_leaveOpen) _stream.Dispose();
        _window.Dispose();
    }

    private void Take(int length)
    {
        _current = _window.Start;
        _window.Start += length;
        Offset = NextOffset;
        NextOffset += length;
    }

    /// <summary>Passes over a line that is longer than any record may be, keeping only its beginning.</summary>
    private bool SkipLine()
    {
        var kept = Math.Min(1 << 13, _window.End - _window.Start);
        long skipped = _window.End - _window.Start;
        _window.Buffer.AsSpan(_window.Start, kept).CopyTo(_window.Buffer);
        var offset = NextOffset;
        _window.Start = _window.End = kept;
        while (true)
        {
            var read = _stream.Read(_window.Buffer, kept, _window.Buffer.Length - kept);
            if (read == 0)
            {
                _window.IsAtEnd = true;
                if (_follow) return false;
                NextOffset = offset + skipped;
                break;
            }
            var lineFeed = _window.Buffer.AsSpan(kept, read).IndexOf((byte)'\n');
            if (lineFeed >= 0)
            {
                _window.Start = kept + lineFeed + 1;
                _window.End = kept + read;
                NextOffset = offset + skipped + lineFeed + 1;
                break;
            }
            skipped += read;
        }
        Offset = offset;
        _current = 0;
        _tokenizer.Abandon(_window.Buffer.AsSpan(0, kept), CsvDefect.TooLong);
        return true;
    }

    private void SkipByteOrderMark()
    {
        while (_window.End < 3 && !_window.IsAtEnd) _window.Fill();
        var head = _window.Buffer.AsSpan(0, _window.End);
        if (head.StartsWith("\uFEFF"u8)) Take(3);
        else if (head is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..]) throw new SlipwayException("the file is UTF-16 text; save it as UTF-8");
    }
}
