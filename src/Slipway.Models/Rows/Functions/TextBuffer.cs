using System.Buffers;

namespace Slipway.Models.Rows.Functions;

/// <summary>
/// A text while it is put together: on the stack first, then in a pooled array. Texts that nest could grow without end, so there is one.
/// To be disposed.
/// </summary>
internal ref struct TextBuffer(Span<char> onStack)
{
    /// <summary>How much room a caller should give on its stack.</summary>
    public const int OnStack = 256;

    public const int MaximumLength = 1 << 24;

    private Span<char> _chars = onStack;
    private char[]? _pooled;
    private int _length;
    private bool _isTooLong;

    public readonly ReadOnlySpan<char> Text => _chars[.._length];

    public void Append(char c)
    {
        if (HasRoom(1)) _chars[_length++] = c;
    }

    /// <summary>A count below one appends nothing.</summary>
    public void Append(char c, int count)
    {
        if (count <= 0 || !HasRoom(count)) return;
        _chars.Slice(_length, count).Fill(c);
        _length += count;
    }

    public void Append(scoped ReadOnlySpan<char> text)
    {
        if (!HasRoom(text.Length)) return;
        text.CopyTo(_chars[_length..]);
        _length += text.Length;
    }

    /// <summary>Appends characters that the caller fills in; empty when the text becomes too long.</summary>
    public Span<char> Take(int count)
    {
        if (!HasRoom(count)) return default;
        _length += count;
        return _chars.Slice(_length - count, count);
    }

    /// <summary>The symbol of the text; invalid when it became too long.</summary>
    public readonly double Intern(in Row row) => _isTooLong ? Cell.Invalid : row.Texts.Intern(Text);

    public void Dispose()
    {
        if (_pooled is not null) ArrayPool<char>.Shared.Return(_pooled);
        _pooled = null;
    }

    private bool HasRoom(int count)
    {
        if (_chars.Length - _length >= count) return !_isTooLong;
        if (_isTooLong || MaximumLength - _length < count) return !(_isTooLong = true);
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(_chars.Length * 2, _length + count));
        Text.CopyTo(larger);
        if (_pooled is not null) ArrayPool<char>.Shared.Return(_pooled);
        _chars = _pooled = larger;
        return true;
    }
}
