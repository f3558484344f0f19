using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Models.Rows;

/// <summary>
/// The texts a model names, each with a number (its <em>symbol</em>): categories are compared as numbers, and a row's text becomes
/// a symbol by one look-up, from UTF-8 or UTF-16, without allocation. Filled while binding, only read while scoring.
/// </summary>
public sealed class SymbolTable
{
    private readonly List<string> _texts = [];
    private readonly List<byte[]> _encoded = [];
    private readonly ByteKeyIndex _utf8 = new();
    private readonly ByteKeyIndex _utf16 = new();

    public int Count => _texts.Count;

    public string this[int symbol] => _texts[symbol];

    /// <summary>The text of a symbol, in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8(int symbol) => _encoded[symbol];

    /// <summary>The symbol of <paramref name="text"/>, which is added when it is new.</summary>
    public int Intern(string text)
    {
        var symbol = Find(text);
        if (symbol >= 0) return symbol;
        _utf16.Add(MemoryMarshal.AsBytes(text.AsSpan()).ToArray());
        var encoded = Encoding.UTF8.GetBytes(text);
        _utf8.Add(encoded);
        _encoded.Add(encoded);
        _texts.Add(text);
        return _texts.Count - 1;
    }

    /// <returns>-1 when the model does not name the text.</returns>
    public int Find(ReadOnlySpan<char> text) => _utf16.Find(MemoryMarshal.AsBytes(text));

    /// <returns>-1 when the model does not name the text.</returns>
    public int Find(ReadOnlySpan<byte> utf8) => _utf8.Find(utf8);
}
