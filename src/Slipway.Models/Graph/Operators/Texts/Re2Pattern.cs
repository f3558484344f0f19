using System.Globalization;
using System.Text;

namespace Slipway.Models.Graph;

/// <summary>
/// Writes patterns in the syntax of RE2 (https://github.com/google/re2/wiki/Syntax) as ones of .NET: classes like \w are of ASCII, $ is the end of the text,
/// a dot or a negated class takes a whole code point. Word borders (\b) follow Unicode.
/// </summary>
internal ref struct Re2Pattern
{
    private const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";

    private readonly string _pattern;
    private readonly StringBuilder _text = new();
    private readonly Stack<(bool DotAll, bool Lines)> _outer = new();
    private bool _dotAll;
    private bool _lines;
    private int _at;

    private Re2Pattern(string pattern) => _pattern = pattern;

    /// <exception cref="FormatException">The pattern is none of RE2.</exception>
    public static string Translate(string pattern)
    {
        var translation = new Re2Pattern(pattern);
        while (translation._at < pattern.Length) translation.Next();
        return translation._text.ToString();
    }

    private void Next()
    {
        var c = _pattern[_at++];
        switch (c)
        {
            case '\\': Escape(); break;
            case '[': Class(); break;
            case '(': Group(); break;
            case ')':
                if (_outer.TryPop(out var flags)) (_dotAll, _lines) = flags;
                _text.Append(')');
                break;
            case '.':
                _text.Append(_dotAll ? $@"(?:{Pair}|[^\uD800-\uDFFF])" : $@"(?:{Pair}|[^\n\uD800-\uDFFF])");
                break;
            case '$':
                _text.Append(_lines ? @"(?m:$)" : @"\z");
                break;
            case '^':
                _text.Append(_lines ? @"(?m:^)" : @"\A");
                break;
            default:
                _text.Append(c);
                break;
        }
    }

    private void Group()
    {
        if (!StartsWith("?"))
        {
            _outer.Push((_dotAll, _lines));
            _text.Append("(?:");
            return;
        }
        _at++;
        if (StartsWith("P<") || StartsWith("<"))
        {
            var end = _pattern.IndexOf('>', _at);
            if (end < 0 || StartsWith("<=") || StartsWith("<!")) throw new FormatException("a group that RE2 does not have");
            _at = end + 1;
            _outer.Push((_dotAll, _lines));
            _text.Append("(?:");
            return;
        }
        var before = (_dotAll, _lines);
        var on = true;
        var cases = "";
        for (; _at < _pattern.Length; _at++)
        {
            switch (_pattern[_at])
            {
                case '-': on = false; break;
                case 's': _dotAll = on; break;
                case 'm': _lines = on; break;
                case 'i': cases = on ? "i" : "-i"; break;
                case 'U': break;
                case ')':
                    _at++;
                    if (cases.Length > 0) _text.Append("(?").Append(cases).Append(')');
                    return;
                case ':':
                    _at++;
                    _outer.Push(before);
                    _text.Append("(?").Append(cases).Append(':');
                    return;
                default: throw new FormatException("a group that RE2 does not have");
            }
        }
        throw new FormatException("a group does not end");
    }

    private void Escape()
    {
        if (StartsWith("Q"))
        {
            var end = _pattern.IndexOf(@"\E", _at, StringComparison.Ordinal);
            foreach (var c in _pattern.AsSpan(_at + 1, (end < 0 ? _pattern.Length : end) - _at - 1)) AppendLiteral(c);
            _at = end < 0 ? _pattern.Length : end + 2;
            return;
        }
        if (_at < _pattern.Length && "AzbB".Contains(_pattern[_at]))
        {
            _text.Append('\\').Append(_pattern[_at++]);
            return;
        }
        if (ShorthandOf(out var members, out var isNegated))
        {
            _text.Append(isNegated ? $@"(?:{Pair}|[^{members}\uD800-\uDFFF])" : $"[{members}]");
            return;
        }
        var rune = EscapedRune();
        if (!rune.IsBmp) _text.Append("(?:");
        foreach (var c in rune.ToString()) AppendLiteral(c);
        if (!rune.IsBmp) _text.Append(')');
    }

    private void Class()
    {
        var isNegated = StartsWith("^");
        if (isNegated) _at++;
        var members = new StringBuilder();
        for (var isFirst = true; ; isFirst = false)
        {
            if (_at >= _pattern.Length) throw new FormatException("a class does not end");
            var c = _pattern[_at++];
            if (c == ']' && !isFirst) break;
            if (c == '[' && StartsWith(":")) PosixClass(members);
            else if (c == '\\')
            {
                if (ShorthandOf(out var shorthand, out var isOpposite)) members.Append(isOpposite ? Opposite(shorthand) : shorthand);
                else if (EscapedRune() is { IsBmp: true } rune) members.Append(CodeUnit((char)rune.Value));
                else throw new FormatException("a class of code points above U+FFFF");
            }
            else if (c == '-') members.Append(isFirst || StartsWith("]") ? @"\-" : "-");
            else if (char.IsSurrogate(c)) throw new FormatException("a class of code points above U+FFFF");
            else members.Append(CodeUnit(c));
        }
        _text.Append(isNegated ? $@"(?:{Pair}|[^{members}\uD800-\uDFFF])" : $"[{members}]");
    }

    private void PosixClass(StringBuilder members)
    {
        var end = _pattern.IndexOf(":]", _at, StringComparison.Ordinal);
        if (end < 0) throw new FormatException("a class does not end");
        var name = _pattern[(_at + 1)..end];
        var isOpposite = name.StartsWith('^');
        _at = end + 2;
        var found = (isOpposite ? name[1..] : name) switch
        {
            "alnum" => "0-9A-Za-z",
            "alpha" => "A-Za-z",
            "ascii" => @"\x00-\x7F",
            "blank" => @"\t ",
            "cntrl" => @"\x00-\x1F\x7F",
            "digit" => "0-9",
            "graph" => "!-~",
            "lower" => "a-z",
            "print" => " -~",
            "punct" => @"!-/:-@\[-`{-~",
            "space" => @"\t\n\v\f\r ",
            "upper" => "A-Z",
            "word" => "0-9A-Za-z_",
            "xdigit" => "0-9A-Fa-f",
            _ => throw new FormatException($"there is no class '{name}'"),
        };
        members.Append(isOpposite ? Opposite(found) : found);
    }

    /// <summary>The members of \d, \w, \s, \pN, \p{Greek} and their opposites.</summary>
    private bool ShorthandOf(out string members, out bool isNegated)
    {
        (members, isNegated) = ("", false);
        if (_at >= _pattern.Length) throw new FormatException("the pattern ends with a backslash");
        var c = _pattern[_at];
        isNegated = char.IsUpper(c);
        switch (char.ToLowerInvariant(c))
        {
            case 'd': members = "0-9"; break;
            case 'w': members = "0-9A-Za-z_"; break;
            case 's': members = @"\t\n\f\r "; break;
            case 'p': members = Category(); return true;
            default: return false;
        }
        _at++;
        return true;
    }

    private string Category()
    {
        if (_at + 1 >= _pattern.Length) throw new FormatException("a category is missing");
        if (_pattern[_at + 1] != '{')
        {
            _at += 2;
            return $@"\p{{{_pattern[_at - 1]}}}";
        }
        var end = _pattern.IndexOf('}', _at);
        if (end < 0) throw new FormatException("a category does not end");
        var name = _pattern[(_at + 2)..end];
        _at = end + 1;
        return $@"\p{{{name}}}";
    }

    /// <summary>All code units but these, as members of a class.</summary>
    private static string Opposite(string members) => members switch
    {
        "0-9" => @"\x00-/:-\uFFFF",
        "0-9A-Za-z_" => @"\x00-/:-@\[-\^`{-\uFFFF",
        @"\t\n\f\r " => @"\x00-\x08\x0B\x0E-\x1F!-\uFFFF",
        _ when members.StartsWith(@"\p", StringComparison.Ordinal) => @"\P" + members[2..],
        _ => throw new FormatException("the opposite of a named class within a class"),
    };

    private Rune EscapedRune()
    {
        var c = _pattern[_at++];
        switch (c)
        {
            case 'a': return new Rune('\a');
            case 'f': return new Rune('\f');
            case 't': return new Rune('\t');
            case 'n': return new Rune('\n');
            case 'r': return new Rune('\r');
            case 'v': return new Rune('\v');
            case 'x': return HexRune();
            case >= '0' and <= '7':
                var value = c - '0';
                if (c != '0' && (_at >= _pattern.Length || _pattern[_at] is < '0' or > '7')) throw new FormatException("groups cannot be referred to");
                for (var digits = 1; digits < 3 && _at < _pattern.Length && _pattern[_at] is >= '0' and <= '7'; digits++) value = value * 8 + _pattern[_at++] - '0';
                return new Rune(value);
            default:
                if (char.IsAsciiLetterOrDigit(c) || char.IsSurrogate(c)) throw new FormatException($"there is no escape '\\{c}'");
                return new Rune(c);
        }
    }

    private Rune HexRune()
    {
        int start = _at, length = 2;
        if (StartsWith("{"))
        {
            start++;
            length = _pattern.IndexOf('}', _at) - start;
            _at = start + length + 1;
        }
        else _at += 2;
        if (length < 1 || start + length > _pattern.Length || !int.TryParse(_pattern.AsSpan(start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || !Rune.IsValid(value))
        {
            throw new FormatException("a code point in hexadecimal is expected after \\x");
        }
        return new Rune(value);
    }

    private void AppendLiteral(char c) => _text.Append(CodeUnit(c));

    /// <summary>A code unit as it is, or escaped when it could mean something.</summary>
    private static string CodeUnit(char c) => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $@"\u{(int)c:X4}";

    private readonly bool StartsWith(string text) => _pattern.AsSpan(_at).StartsWith(text);
}
