using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Rows;

/// <summary>
/// Texts while rows are scored: the model's own, and those that rows bring or functions make, which get symbols after them until <see cref="Clear"/>.
/// Equal texts have equal symbols. One thread at a time.
/// </summary>
public sealed class RowTexts
{
    private readonly SymbolTable _model;
    private readonly int _modelCount;
    private readonly List<string> _texts = [];
    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public RowTexts(SymbolTable model)
    {
        _model = model;
        _modelCount = model.Count;
        _lookup = _symbols.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The text of a cell of type <see cref="CellType.Text"/> that is not missing.</summary>
    public string this[double cell]
    {
        get
        {
            var symbol = double.ConvertToIntegerNative<int>(cell);
            return symbol < _modelCount ? _model[symbol] : _texts[symbol - _modelCount];
        }
    }

    /// <summary>Writes the text of a cell as the next element of a column of texts.</summary>
    public void AppendTo(Tensor column, double cell)
    {
        var symbol = double.ConvertToIntegerNative<int>(cell);
        if (symbol < _modelCount) column.Append(_model.Utf8(symbol));
        else column.Append(_texts[symbol - _modelCount].AsSpan());
    }

    /// <returns>The symbol of a text that the model names; else -1.</returns>
    public int Find(ReadOnlySpan<char> text) => _model.Find(text);

    /// <returns>The symbol of a text that the model names; else -1.</returns>
    public int Find(ReadOnlySpan<byte> utf8) => _model.Find(utf8);

    /// <summary>The cell of a text.</summary>
    public double Intern(ReadOnlySpan<char> text)
    {
        var symbol = _model.Find(text);
        if (symbol >= 0) return symbol;
        if (_lookup.TryGetValue(text, out symbol)) return symbol;
        return Add(text.ToString());
    }

    /// <inheritdoc cref="Intern(ReadOnlySpan{char})"/>
    public double Intern(ReadOnlySpan<byte> utf8)
    {
        var symbol = _model.Find(utf8);
        return symbol >= 0 ? symbol : InternNew(utf8);
    }

    /// <summary>Forgets the texts that are not the model's own.</summary>
    public void Clear()
    {
        if (_texts.Count == 0) return;
        _texts.Clear();
        _symbols.Clear();
    }

    private double InternNew(ReadOnlySpan<byte> utf8)
    {
        const int onStack = 256;
        if (utf8.Length > onStack) return Intern(Encoding.UTF8.GetString(utf8).AsSpan());
        Span<char> chars = stackalloc char[onStack];
        return Intern(chars[..Encoding.UTF8.GetChars(utf8, chars)]);
    }

    private double Add(string text)
    {
        var symbol = _modelCount + _texts.Count;
        _texts.Add(text);
        _symbols.Add(text, symbol);
        return symbol;
    }
}
