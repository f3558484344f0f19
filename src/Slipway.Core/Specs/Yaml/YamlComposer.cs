using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.Core.Specs.Yaml;

/// <summary>
/// Reads one YAML document into nodes with places. Anchors, aliases, tags, keys that are not text, duplicate keys and further documents
/// are refused; size and depth are bounded, so that no file costs more than its length.
/// </summary>
internal sealed class YamlComposer
{
    private readonly string _yaml;
    private readonly Parser _parser;
    private readonly SpecProblems _problems;
    private readonly Stack<Place> _unclosed = new();
    private Mark _furthest = Mark.Empty;

    private YamlComposer(string yaml, SpecProblems problems)
    {
        _yaml = yaml;
        _parser = new Parser(new StringReader(yaml));
        _problems = problems;
    }

    /// <summary>Null when the file holds no document.</summary>
    /// <exception cref="SpecException">The text is no YAML, or beyond the limits; what could be read on is in <paramref name="problems"/>.</exception>
    public static SpecNode? Compose(string yaml, SpecProblems problems)
    {
        if (yaml.StartsWith('\uFEFF')) yaml = yaml[1..];
        if (yaml.Length > YamlLimits.Bytes || Encoding.UTF8.GetByteCount(yaml) > YamlLimits.Bytes)
        {
            throw problems.Fatal(SpecPath.Root, default, $"the file is larger than {YamlLimits.Bytes >> 10} KiB");
        }
        RefuseUnprintable(yaml, problems);
        return new YamlComposer(yaml, problems).Document();
    }

    /// <summary>The parser takes NUL for the end of the file and would pass over all that follows.</summary>
    private static void RefuseUnprintable(string yaml, SpecProblems problems)
    {
        var (line, start) = (1, 0);
        for (var i = 0; i < yaml.Length; i++)
        {
            var c = yaml[i];
            if (c == '\n') (line, start) = (line + 1, i + 1);
            else if (char.IsHighSurrogate(c) && i + 1 < yaml.Length && char.IsLowSurrogate(yaml[i + 1])) i++;
            else if ((c < ' ' && c is not ('\t' or '\r')) || c == 0x7F || char.IsSurrogate(c) || c >= 0xFFFE)
            {
                throw problems.Fatal(SpecPath.Root, new Place(line, i - start + 1), $"the character U+{(int)c:X4} cannot stand in a YAML file; in double quotes write \\u{(int)c:x4}");
            }
        }
    }

    private SpecNode? Document()
    {
        Next();
        if (Next() is StreamEnd) return null;
        var root = Node(Next(), SpecPath.Root, 0, null);
        Next();
        if (Next() is DocumentStart second) throw _problems.Fatal(SpecPath.Root, PlaceOf(second.Start), "a second document starts here; a file holds one");
        return root;
    }

    private SpecNode Node(ParsingEvent start, SpecPath path, int depth, Place? key)
    {
        var place = PlaceOf(start.Start);
        RefuseProperties(start, path, place);
        if (start is not MappingStart { Style: MappingStyle.Block }) RefuseTabs(start, path, place);
        if (depth > YamlLimits.Depth && start is MappingStart or SequenceStart)
        {
            throw _problems.Fatal(SpecPath.Root, place, $"nested deeper than {YamlLimits.Depth} levels");
        }
        return start switch
        {
            Scalar scalar => ScalarOf(scalar, place, key),
            SequenceStart { Style: SequenceStyle.Flow } or MappingStart { Style: MappingStyle.Flow } => Flow(start, path, depth, key ?? place),
            SequenceStart => Sequence(path, depth, key ?? place),
            MappingStart => Mapping(path, depth, key ?? place),
            _ => new RefusedNode(place),
        };
    }

    private SpecNode Flow(ParsingEvent start, SpecPath path, int depth, Place place)
    {
        _unclosed.Push(PlaceOf(start.Start));
        SpecNode node = start is SequenceStart ? Sequence(path, depth, place) : Mapping(path, depth, place);
        _unclosed.Pop();
        return node;
    }

    private static ScalarNode ScalarOf(Scalar scalar, Place place, Place? key)
    {
        var isPlain = scalar.Style == ScalarStyle.Plain;
        var isQuoted = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted;
        var quotes = isQuoted ? 1 : 0;
        var isVerbatim = scalar.Start.Line == scalar.End.Line && scalar.End.Index - scalar.Start.Index == scalar.Value.Length + (2 * quotes);
        return new ScalarNode(scalar.Value, isPlain, isVerbatim, scalar.Value.Length == 0 && key is { } of ? of : place, place with { Column = place.Column + quotes });
    }

    private SequenceNode Sequence(SpecPath path, int depth, Place place)
    {
        var items = new List<SpecNode>();
        for (var next = Next(); next is not SequenceEnd; next = Next())
        {
            items.Add(Node(next, path.Item(items.Count), depth + 1, null));
        }
        return new SequenceNode(items, place);
    }

    private MappingNode Mapping(SpecPath path, int depth, Place place)
    {
        var entries = new List<MappingEntry>();
        var keys = new Dictionary<string, Place>(StringComparer.Ordinal);
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            var at = PlaceOf(next.Start);
            var key = Node(next, path, depth + 1, null) as ScalarNode;
            if (key is { IsPlain: true, Text.Length: 0 }) throw NoKey(path);
            var here = key is null ? path : path.Key(key.Text);
            var value = Node(Next(), here, depth + 1, at);
            if (key is null) _problems.Add(path, at, "a key is text; a list, a mapping or an alias cannot be one");
            else if (keys.TryGetValue(key.Text, out var first)) _problems.Add(here, at, $"given twice; first in line {first.Line}");
            else
            {
                keys.Add(key.Text, at);
                entries.Add(new MappingEntry(key.Text, at, value));
            }
        }
        return new MappingNode(entries, place);
    }

    private void RefuseProperties(ParsingEvent start, SpecPath path, Place place)
    {
        if (start is AnchorAlias alias) _problems.Add(path, place, $"the alias *{Wording.Shorten(alias.Value.Value)} is refused: every value is written where it is used");
        if (start is not NodeEvent node) return;
        if (!node.Anchor.IsEmpty) _problems.Add(path, place, $"the anchor &{Wording.Shorten(node.Anchor.Value)} is refused: every value is written where it is used");
        if (!node.Tag.IsEmpty) _problems.Add(path, place, "a tag ('!…') is refused: the field decides its type");
    }

    private void RefuseTabs(ParsingEvent start, SpecPath path, Place place)
    {
        var hasTab = false;
        for (var i = (int)start.Start.Index - 1; i >= 0 && _yaml[i] is not ('\n' or '\r'); i--)
        {
            if (_yaml[i] is not (' ' or '\t')) return;
            hasTab |= _yaml[i] == '\t';
        }
        if (hasTab) _problems.Add(path, place, "indented with a tab; indent with spaces");
    }

    /// <summary>Behind an empty key the parser passes over a value without a word, so that nothing after it could be trusted; it gives the key no place of its own.</summary>
    private SpecException NoKey(SpecPath path)
    {
        var before = _yaml.AsSpan(0, Math.Max(_yaml.IndexOf(':', (int)_furthest.Index), 0));
        return _problems.Fatal(path, new Place(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n')), "a key is missing before ':'");
    }

    /// <summary>The parser is fed by strangers, and its own slips (an index, a number in a directive) are errors in the file to us.</summary>
    private ParsingEvent Next()
    {
        try
        {
            if (_parser.MoveNext())
            {
                var next = _parser.Current!;
                if (next.End.Index > _furthest.Index) _furthest = next.End;
                return next;
            }
        }
        catch (YamlException e) when (e.Start.Index >= _yaml.Length && _unclosed.TryPeek(out var opening))
        {
            throw Unreadable(opening, "what opens here is never closed");
        }
        catch (YamlException e)
        {
            throw Unreadable(PlaceOf(e.Message.Contains("tab", StringComparison.Ordinal) ? e.End : e.Start), e.Message.TrimEnd('.'));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw Unreadable(PlaceOf(_furthest), "nothing that could follow here does");
        }
        throw Unreadable(PlaceOf(_furthest), "the file ends too early");
    }

    private SpecException Unreadable(Place place, string reason) => _problems.Fatal(SpecPath.Root, place, $"cannot be read as YAML: {Wording.Shorten(reason, 200)}");

    private static Place PlaceOf(Mark mark) => new((int)mark.Line, (int)mark.Column);
}
