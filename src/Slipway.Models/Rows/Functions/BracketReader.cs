using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>The brackets of a regular expression: ranges, escapes, POSIX classes, and Java's unions and intersections of brackets.</summary>
internal ref struct BracketReader(string pattern, int start)
{
    private const int MaximumDepth = 32;

    private int _at = start;
    private int _depth;

    /// <param name="end">Where the pattern goes on behind the bracket.</param>
    /// <exception cref="ModelException">The bracket is wrong.</exception>
    public CharacterSet Read(out int end)
    {
        var set = ReadOne();
        end = _at;
        return set;
    }

    private CharacterSet ReadOne()
    {
        if (++_depth > MaximumDepth) throw Fault("too many brackets inside of each other");
        var isNegated = Take("^");
        var set = new CharacterSet();
        CharacterSet? met = null;
        for (var isFirst = true; ; isFirst = false)
        {
            if (_at >= pattern.Length) throw Fault("a '[' without its ']'");
            if (pattern[_at] == ']' && !isFirst) break;
            if (Take("&&"))
            {
                met = Intersection(met, set);
                set = new CharacterSet();
            }
            else
            {
                ReadMember(set);
            }
        }
        _at++;
        _depth--;
        set = Intersection(met, set);
        return isNegated ? set.Complement() : set;
    }

    private static CharacterSet Intersection(CharacterSet? one, CharacterSet other)
    {
        if (one is not null) other.Meet(one);
        return other;
    }

    private void ReadMember(CharacterSet set)
    {
        if (Take("[:"))
        {
            var end = pattern.IndexOf(":]", _at, StringComparison.Ordinal);
            if (end < 0) throw Fault("a '[:' without its ':]'");
            set.Join(CharacterClasses.OfPosix(pattern[_at..end]));
            _at = end + 2;
            return;
        }
        if (Take("["))
        {
            set.Join(ReadOne());
            return;
        }
        if (Take(@"\Q"))
        {
            var end = pattern.IndexOf(@"\E", _at, StringComparison.Ordinal);
            if (end < 0) throw Fault(@"a '\Q' without its '\E'");
            foreach (var c in pattern.AsSpan(_at..end)) set.Add(c, c);
            _at = end + 2;
            return;
        }
        if (ReadUnit(set) is not { } first) return;
        var isRange = _at + 1 < pattern.Length && pattern[_at] == '-' && pattern[_at + 1] is not (']' or '[');
        if (!isRange)
        {
            set.Add(first, first);
            return;
        }
        _at++;
        if (ReadUnit(set) is not { } last || last < first) throw Fault("a range without its end");
        set.Add(first, last);
    }

    /// <returns>Null when it was a class, which is joined to the set.</returns>
    private char? ReadUnit(CharacterSet set)
    {
        if (pattern[_at] != '\\')
        {
            if (char.IsSurrogate(pattern[_at])) throw BeyondUnits();
            return pattern[_at++];
        }
        if (Take(@"\b")) return '\b';
        var escape = CharacterEscape.Read(pattern, ref _at);
        if (escape.Class is not { } named) return escape.Text.Length == 1 ? escape.Text[0] : throw BeyondUnits();
        set.Join(named);
        return null;
    }

    private bool Take(string text)
    {
        if (!pattern.AsSpan(_at).StartsWith(text)) return false;
        _at += text.Length;
        return true;
    }

    private readonly ModelException BeyondUnits() => Fault("characters beyond U+FFFF in brackets are not supported");

    private readonly ModelException Fault(string problem) => new($"pattern '{pattern}': {problem}");
}
