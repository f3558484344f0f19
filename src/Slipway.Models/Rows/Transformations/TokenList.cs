using System.Buffers;

namespace Slipway.Models.Rows.Transformations;

/// <summary>A word in a text.</summary>
internal readonly record struct Token(int Start, int Length);

/// <summary>The words of a text in pooled memory. To be disposed.</summary>
internal ref struct TokenList()
{
    private Token[] _tokens = ArrayPool<Token>.Shared.Rent(64);

    public int Count { get; private set; }

    public readonly Token this[int index] => _tokens[index];

    public void Add(int start, int length)
    {
        if (Count == _tokens.Length)
        {
            var larger = ArrayPool<Token>.Shared.Rent(Count * 2);
            _tokens.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<Token>.Shared.Return(_tokens);
            _tokens = larger;
        }
        _tokens[Count++] = new Token(start, length);
    }

    public readonly void Dispose() => ArrayPool<Token>.Shared.Return(_tokens);
}
