using System.Buffers;

namespace Slipway.Models.Rows.Functions;

/// <summary>A text while it is put together: on the stack first, then in a pooled array. To be disposed.</summary>
internal ref struct TextBuffer(Span<char> onStack)
{
    private Span<char> _chars = onStack;
    private char[]? _pooled;
    private int _length;

    public readonly ReadOnlySpan<char> Text => _chars[.._length];

    public readonly int Length => _length;

    public void Append(char c)
    {
        if (_length == _chars.Length) Grow(1);
        _chars[_length++] = c;
    }

    public void Append(char c, int count)
    {
        if (count > 0) Take(count).Fill(c);
    }

    public void Append(ReadOnlySpan<char> text) => text.CopyTo(Take(text.Length));

    /// <summary>Room for more characters, to be filled by the caller.</summary>
    public Span<char> Take(int count)
    {
        if (_chars.Length - _length < count) Grow(count);
        _length += count;
        return _chars.Slice(_length - count, count);
    }

    /// <summary>Gives back the last characters that were taken.</summary>
    public void Drop(int count) => _length -= count;

    public void Dispose()
    {
        if (_pooled is not null) ArrayPool<char>.Shared.Return(_pooled);
        _pooled = null;
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(_chars.Length * 2, checked(_length + count)));
        Text.CopyTo(larger);
        if (_pooled is not null) ArrayPool<char>.Shared.Return(_pooled);
        _chars = _pooled = larger;
    }
}
