using System.Text;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>
/// Reads a document that <see cref="PlainXml.Matches"/>, from memory. A general reader of XML takes most of the time in which a large forest is opened;
/// this one takes a fraction, and gives the same elements, texts and places.
/// </summary>
internal sealed class PlainElementReader : ElementReader
{
    private readonly byte[] _document;
    private readonly ByteKeyIndex _nameIndex = new();
    private readonly List<string> _names = [];
    private readonly Part[] _attributes = new Part[PlainXml.MaxAttributes];
    private int _attributeCount;
    private char[] _text = new char[64];

    /// <summary>Behind the current tag.</summary>
    private int _at;

    /// <summary>The depth of a start tag that would come next.</summary>
    private int _level;
    private int _depth;
    private bool _isEnd;
    private bool _isEmpty;
    private bool _isForeign;
    private int _tagStart;
    private int _nameStart;
    private int _nameLength;
    private string? _name;
    private int _line = 1;
    private int _lineStart;

    /// <summary>Moves to the root element.</summary>
    /// <param name="document">Plain.</param>
    public PlainElementReader(byte[] document)
    {
        _document = document;
        if (document.AsSpan().StartsWith("<?"u8)) _at = document.AsSpan().IndexOf("?>"u8) + 2;
        Next();
    }

    public override string Name => _name ??= FindName();

    public override int Depth => _depth;

    public override Place Place
    {
        get
        {
            while (_document.AsSpan(_lineStart, _tagStart - _lineStart).IndexOf((byte)'\n') is var end and >= 0)
            {
                _line++;
                _lineStart += end + 1;
            }
            return new Place(Name, _line, _tagStart - _lineStart + 1);
        }
    }

    public override string? Attribute(string name) => TryFind(name, out var value) ? TextOf(value) : null;

    public override bool TryAttribute(string name, out ReadOnlySpan<char> text)
    {
        text = default;
        if (!TryFind(name, out var value)) return false;
        if (value.IndexOf((byte)'&') >= 0)
        {
            text = TextOf(value);
            return true;
        }
        if (_text.Length < value.Length) _text = new char[Math.Max(value.Length, 2 * _text.Length)];
        text = _text.AsSpan(0, Encoding.ASCII.GetChars(value, _text));
        return true;
    }

    public override bool ReadChild(int depth, bool anyNamespace = false)
    {
        if (_depth == depth && (_isEnd || _isEmpty)) return false;
        while (true)
        {
            Next();
            if (_isEnd && _depth == depth) return false;
            if (!_isEnd && _depth == depth + 1 && (anyNamespace || !_isForeign)) return true;
        }
    }

    public override string ReadText()
    {
        if (_isEmpty) return "";
        var depth = _depth;
        var first = "";
        StringBuilder? more = null;
        while (true)
        {
            var (start, level) = (_at, _level);
            Next();
            var text = _document.AsSpan(start, _document.AsSpan(start).IndexOf((byte)'<'));
            if (level == depth + 1 && PlainXml.SkipSpace(text, 0) < text.Length)
            {
                if (first.Length == 0) first = TextOf(text);
                else (more ??= new StringBuilder(first)).Append(TextOf(text));
            }
            if (_isEnd && _depth == depth) return more?.ToString() ?? first;
        }
    }

    public override void Dispose()
    {
    }

    private string FindName()
    {
        var name = _document.AsSpan(_nameStart, _nameLength);
        var known = _nameIndex.Find(name);
        if (known >= 0) return _names[known];
        _nameIndex.Add(name.ToArray());
        var text = Encoding.ASCII.GetString(name);
        // The object that a constant of the program is, so that comparisons need not look at characters.
        _names.Add(string.IsInterned(text) ?? text);
        return _names[^1];
    }

    private bool TryFind(string name, out ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < _attributeCount; i++)
        {
            ref readonly var attribute = ref _attributes[i];
            if (attribute.NameLength != name.Length || !IsAt(attribute.NameStart, name)) continue;
            value = _document.AsSpan(attribute.ValueStart, attribute.ValueLength);
            return true;
        }
        value = default;
        return false;
    }

    private static string TextOf(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.ASCII.GetString(bytes);
        if (bytes.IndexOf((byte)'&') < 0) return text;
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < bytes.Length;)
        {
            if (bytes[at] != '&')
            {
                plain.Append(text[at++]);
                continue;
            }
            plain.Append((char)bytes[at + 1] switch { 'l' => '<', 'g' => '>', 'q' => '"', _ => bytes[at + 2] == 'm' ? '&' : '\'' });
            at += PlainXml.EntityAt(bytes, at);
        }
        return plain.ToString();
    }

    private bool IsAt(int start, string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (_document[start + i] != name[i]) return false;
        }
        return true;
    }

    /// <summary>To the next tag.</summary>
    private void Next()
    {
        var document = _document;
        var at = _at;
        var text = document.AsSpan(at).IndexOf((byte)'<');
        if (text < 0) throw Fault("the document ends inside it");
        at += text + 1;
        _name = null;
        _attributeCount = 0;
        _isEmpty = false;
        _isEnd = document[at] == '/';
        _tagStart = _nameStart = _isEnd ? at + 1 : at;
        _nameLength = PlainXml.NameAt(document, _nameStart);
        _isForeign = document[_nameStart + _nameLength] == ':';
        if (_isForeign)
        {
            _nameStart += _nameLength + 1;
            _nameLength = PlainXml.NameAt(document, _nameStart);
        }
        at = _nameStart + _nameLength;
        if (_isEnd)
        {
            _depth = --_level;
            _at = at + 1;
            return;
        }
        _depth = _level;
        for (at = PlainXml.SkipSpace(document, at); document[at] != '>' && document[at] != '/'; at = PlainXml.SkipSpace(document, at))
        {
            var nameLength = PlainXml.AttributeNameAt(document, at);
            var value = at + nameLength + 2;
            var quote = document[value - 1];
            var end = value;
            while (document[end] != quote) end++;
            _attributes[_attributeCount++] = new Part { NameStart = at, NameLength = nameLength, ValueStart = value, ValueLength = end - value };
            at = end + 1;
        }
        _isEmpty = document[at] == '/';
        _at = at + (_isEmpty ? 2 : 1);
        if (!_isEmpty) _level++;
    }

    /// <summary>An attribute.</summary>
    private struct Part
    {
        public int NameStart;
        public int NameLength;
        public int ValueStart;
        public int ValueLength;
    }
}
