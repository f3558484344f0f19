using System.Buffers;
using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>
/// A regular expression in the language of PCRE and Java, which PMML uses, becomes one of .NET: classes of characters are spelled out
/// (<c>\w</c> is ASCII's), possessive quantifiers become atomic groups, quotations are escaped, and groups get the numbers that their
/// opening parentheses count.
/// </summary>
internal sealed class PatternTranslation
{
    private const int MaximumLength = 4_096;
    private const int None = -1;

    private static readonly SearchValues<char> CountCharacters = SearchValues.Create("0123456789,");

    private readonly string _pattern;
    private readonly StringBuilder _output = new();
    private readonly Stack<int> _openGroups = new();
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private int _at;
    private int _atom = None;

    private PatternTranslation(string pattern) => _pattern = pattern;

    public string Pattern => _output.ToString();

    /// <summary>How many groups capture.</summary>
    public int GroupCount { get; private set; }

    /// <summary>The numbers of the groups that have names.</summary>
    public IReadOnlyDictionary<string, int> GroupNames => _names;

    /// <summary>The product of all counts in braces: how much larger an automaton may become than the pattern.</summary>
    public double Expansion { get; private set; } = 1;

    /// <exception cref="ModelException">The pattern is wrong, or uses what .NET has no equal of.</exception>
    public static PatternTranslation Of(string pattern)
    {
        if (pattern.Length > MaximumLength) throw new ModelException($"the pattern has {pattern.Length} characters, {MaximumLength} are supported");
        var translation = new PatternTranslation(pattern);
        translation.Translate();
        return translation;
    }

    private void Translate()
    {
        while (_at < _pattern.Length)
        {
            var c = _pattern[_at];
            switch (c)
            {
                case '\\':
                    Escape();
                    break;
                case '[':
                    StartAtom();
                    _at++;
                    new BracketReader(_pattern, _at).Read(out var end).WriteTo(_output);
                    _at = end;
                    break;
                case '(':
                    OpenGroup();
                    break;
                case ')':
                    if (!_openGroups.TryPop(out _atom)) throw Fault("a ')' without its '('");
                    _output.Append(c);
                    _at++;
                    break;
                case '*' or '+' or '?':
                case '{' when IsCount():
                    Quantify();
                    break;
                case '|' or '^' or '$':
                    _atom = None;
                    _output.Append(c);
                    _at++;
                    break;
                case '.':
                    StartAtom();
                    _output.Append(c);
                    _at++;
                    break;
                default:
                    var length = char.IsHighSurrogate(c) && _at + 1 < _pattern.Length && char.IsLowSurrogate(_pattern[_at + 1]) ? 2 : 1;
                    Literal(_pattern.AsSpan(_at, length));
                    _at += length;
                    break;
            }
        }
        if (_openGroups.Count > 0) throw Fault("a '(' without its ')'");
    }

    private void StartAtom() => _atom = _output.Length;

    private void Escape()
    {
        if (_at + 1 >= _pattern.Length) throw Fault(@"a '\' at the end");
        var letter = _pattern[_at + 1];
        switch (letter)
        {
            case 'Q':
                Quote();
                return;
            case 'E':
                _at += 2;
                return;
            case 'b' or 'B' or 'A' or 'z' or 'Z' or 'G':
                _atom = None;
                _output.Append('\\').Append(letter);
                _at += 2;
                return;
            case 'R':
                StartAtom();
                _output.Append(@"(?:\r\n|[\n-\r\u0085\u2028\u2029])");
                _at += 2;
                return;
            case 'k':
                NamedReference(_at + 2);
                return;
            case >= '1' and <= '9':
                NumberedReference();
                return;
        }
        StartAtom();
        var escape = CharacterEscape.Read(_pattern, ref _at);
        if (escape.Class is { } set) set.WriteTo(_output);
        else Literal(escape.Text);
    }

    private void Quote()
    {
        var end = _pattern.IndexOf(@"\E", _at + 2, StringComparison.Ordinal);
        foreach (var rune in _pattern.AsSpan((_at + 2)..(end < 0 ? _pattern.Length : end)).EnumerateRunes()) Literal(rune.ToString());
        _at = end < 0 ? _pattern.Length : end + 2;
    }

    /// <summary>One character: beyond U+FFFF it is two units that are repeated together.</summary>
    private void Literal(ReadOnlySpan<char> units)
    {
        StartAtom();
        if (units.Length == 1 && char.IsAsciiLetterOrDigit(units[0]))
        {
            _output.Append(units[0]);
            return;
        }
        if (units.Length > 1) _output.Append("(?:");
        foreach (var unit in units) _output.Append(CultureInfo.InvariantCulture, $@"\u{(int)unit:X4}");
        if (units.Length > 1) _output.Append(')');
    }

    private void OpenGroup()
    {
        var rest = _pattern.AsSpan(_at);
        if (rest.StartsWith("(*")) throw Fault("verbs are not supported");
        if (rest.StartsWith("(?#"))
        {
            var end = rest.IndexOf(')');
            if (end < 0) throw Fault("a comment without its ')'");
            _at += end + 1;
            return;
        }
        _openGroups.Push(_output.Length);
        _atom = None;
        if (!rest.StartsWith("(?"))
        {
            Capture(name: null);
            _at++;
            return;
        }
        foreach (var kind in (ReadOnlySpan<string>)["(?:", "(?>", "(?=", "(?!", "(?<=", "(?<!"])
        {
            if (!rest.StartsWith(kind)) continue;
            _output.Append(kind);
            _at += kind.Length;
            return;
        }
        if (rest.StartsWith("(?P="))
        {
            _openGroups.Pop();
            NamedReference(_at + 3);
            return;
        }
        if (rest.StartsWith("(?<") || rest.StartsWith("(?P<") || rest.StartsWith("(?'")) CaptureNamed();
        else Flags();
    }

    private void CaptureNamed()
    {
        var start = _at + (_pattern[_at + 2] == 'P' ? 4 : 3);
        var end = _pattern.IndexOf(_pattern[start - 1] == '\'' ? '\'' : '>', start);
        if (end <= start) throw Fault("a group without a name");
        Capture(_pattern[start..end]);
        _at = end + 1;
    }

    private void Capture(string? name)
    {
        GroupCount++;
        if (name is not null && !_names.TryAdd(name, GroupCount)) throw Fault($"two groups are named '{name}'");
        _output.Append(CultureInfo.InvariantCulture, $"(?<{GroupCount}>");
    }

    /// <summary>Inline flags: i, m and s mean the same, u and d change nothing here, all others would change how the pattern is read.</summary>
    private void Flags()
    {
        _output.Append("(?");
        for (_at += 2; _at < _pattern.Length; _at++)
        {
            var c = _pattern[_at];
            if (c is 'i' or 'm' or 's' or '-') _output.Append(c);
            else if (c is ':' or ')') break;
            else if (c is not ('u' or 'd')) throw Fault($"the group '(?{c}' is not supported");
        }
        if (_at == _pattern.Length) throw Fault("a '(' without its ')'");
        _output.Append(_pattern[_at]);
        if (_pattern[_at++] == ')') _openGroups.Pop();
    }

    private void NamedReference(int at)
    {
        var close = at < _pattern.Length ? _pattern[at] switch { '<' => '>', '{' => '}', '\'' => '\'', '=' => ')', _ => '\0' } : '\0';
        var end = close == '\0' ? -1 : _pattern.IndexOf(close, at + 1);
        if (end < 0) throw Fault("a reference without a name");
        var name = _pattern[(at + 1)..end];
        if (!_names.TryGetValue(name, out var number)) throw Fault($"no group before is named '{name}'");
        Refer(number);
        _at = end + 1;
    }

    /// <summary>As many digits as make the number of a group before.</summary>
    private void NumberedReference()
    {
        var number = _pattern[++_at] - '0';
        while (++_at < _pattern.Length && char.IsAsciiDigit(_pattern[_at]) && number * 10 + (_pattern[_at] - '0') <= GroupCount)
        {
            number = number * 10 + (_pattern[_at] - '0');
        }
        if (number > GroupCount) throw Fault($"there is no group {number} before its reference");
        Refer(number);
    }

    private void Refer(int number)
    {
        StartAtom();
        _output.Append(CultureInfo.InvariantCulture, $@"\k<{number}>");
    }

    private bool IsCount()
    {
        var end = _pattern.IndexOf('}', _at);
        if (end < 0 || end == _at + 1 || !char.IsAsciiDigit(_pattern[_at + 1])) return false;
        var count = _pattern.AsSpan((_at + 1)..end);
        return !count.ContainsAnyExcept(CountCharacters) && count.Count(',') <= 1;
    }

    private void Quantify()
    {
        if (_atom == None) throw Fault($"'{_pattern[_at]}' at {_at + 1} repeats nothing");
        var start = _at;
        if (_pattern[_at] == '{')
        {
            _at = _pattern.IndexOf('}', _at);
            foreach (var range in _pattern.AsSpan((start + 1).._at).Split(','))
            {
                if (int.TryParse(_pattern.AsSpan((start + 1).._at)[range], CultureInfo.InvariantCulture, out var count)) Expansion *= Math.Max(count, 1);
            }
        }
        _at++;
        _output.Append(_pattern, start, _at - start);
        var mode = _at < _pattern.Length ? _pattern[_at] : '\0';
        if (mode == '?') _output.Append(mode);
        if (mode == '+') _output.Insert(_atom, "(?>").Append(')');
        if (mode is '?' or '+') _at++;
        _atom = None;
    }

    private ModelException Fault(string problem) => new($"pattern '{_pattern}': {problem}");
}
