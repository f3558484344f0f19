using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>
/// The little of XML that nearly all PMML files are made of: elements, attributes and text in ASCII, without comments or carriage returns, in one
/// namespace and, for inline tables, those whose prefixes the root declares. Such a document is well-formed and can be read by <see cref="PlainElementReader"/>; it is not judged here what others are.
/// </summary>
internal static class PlainXml
{
    /// <summary>No element of a plain document has more.</summary>
    public const int MaxAttributes = 32;

    private const byte NameStart = 1;
    private const byte Name = 2;
    private const byte Space = 4;
    private const byte Value = 8;

    private static readonly byte[] Kinds = MakeKinds();

    /// <param name="document">All of it.</param>
    [SkipLocalsInit]
    public static bool Matches(ReadOnlySpan<byte> document)
    {
        var at = DeclarationLength(document);
        if (at < 0) return false;
        Span<(int Start, int Length)> open = stackalloc (int, int)[ElementReader.MaxDepth + 1];
        Span<(int Start, int Length)> prefixes = stackalloc (int, int)[MaxAttributes];
        var prefixCount = 0;
        var depth = 0;
        var isOver = false;
        while (true)
        {
            var bracketsClosed = 0;
            for (at = SkipSpace(document, at); at < document.Length && document[at] != '<'; at++)
            {
                if (document[at] == '&' && depth > 0)
                {
                    var entity = EntityAt(document, at);
                    if (entity == 0) return false;
                    at += entity - 1;
                    bracketsClosed = 0;
                    continue;
                }
                var isSpace = (Kinds[document[at]] & Space) != 0;
                if (!isSpace && (depth == 0 || (Kinds[document[at]] & Value) == 0)) return false;
                if (document[at] == '>' && bracketsClosed >= 2) return false;
                bracketsClosed = document[at] == ']' ? bracketsClosed + 1 : 0;
            }
            if (at == document.Length) return isOver;
            if (isOver || ++at == document.Length) return false;
            var isEnd = document[at] == '/';
            if (isEnd) at++;
            var name = ElementNameAt(document, at);
            if (name == 0) return false;
            if (isEnd)
            {
                if (depth == 0 || !document.Slice(at, name).SequenceEqual(document.Slice(open[--depth].Start, open[depth].Length))) return false;
                at += name;
                if (at == document.Length || document[at++] != '>') return false;
            }
            else
            {
                // The depth of the root is 0.
                if (depth > ElementReader.MaxDepth) return false;
                var start = at;
                at += name;
                var prefix = NameAt(document, start);
                if (prefix != name && !IsDeclared(document, document.Slice(start, prefix), prefixes[..prefixCount])) return false;
                if (!AttributesMatch(document, ref at, isRoot: depth == 0, prefixes, ref prefixCount, out var isEmpty)) return false;
                if (!isEmpty) open[depth++] = (start, name);
            }
            isOver = depth == 0;
        }
    }

    /// <summary>The length of the name that starts here; 0 when none does.</summary>
    public static int NameAt(ReadOnlySpan<byte> document, int at)
    {
        if ((uint)at >= (uint)document.Length || (Kinds[document[at]] & NameStart) == 0) return 0;
        return AfterKind(document, at + 1, Name, 0, Kinds) - at;
    }

    /// <summary>Where the bytes of a kind end, or the byte given is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int AfterKind(ReadOnlySpan<byte> document, int at, byte kind, byte end, byte[] kinds)
    {
        ref var kindOf = ref MemoryMarshal.GetArrayDataReference(kinds);
        while ((uint)at < (uint)document.Length && document[at] is var c && c != end && (Unsafe.Add(ref kindOf, c) & kind) != 0) at++;
        return at;
    }

    /// <summary>As <see cref="NameAt"/>, with the prefix and the colon.</summary>
    public static int ElementNameAt(ReadOnlySpan<byte> document, int at)
    {
        var length = NameAt(document, at);
        if (length == 0 || at + length >= document.Length || document[at + length] != ':') return length;
        var local = NameAt(document, at + length + 1);
        return local == 0 ? 0 : length + 1 + local;
    }

    /// <summary>The length of the reference to one of the five characters that need none to be declared; 0 when none starts here.</summary>
    public static int EntityAt(ReadOnlySpan<byte> document, int at)
    {
        var rest = document[at..];
        return rest.StartsWith("&lt;"u8) || rest.StartsWith("&gt;"u8) ? 4
            : rest.StartsWith("&amp;"u8) ? 5
            : rest.StartsWith("&quot;"u8) || rest.StartsWith("&apos;"u8) ? 6
            : 0;
    }

    /// <summary>As <see cref="NameAt"/>; the declaration of a prefix has a colon in its name.</summary>
    public static int AttributeNameAt(ReadOnlySpan<byte> document, int at)
    {
        var length = NameAt(document, at);
        if (length != 5 || at + length >= document.Length || document[at + length] != ':') return length;
        var prefix = NameAt(document, at + length + 1);
        return prefix == 0 ? length : length + 1 + prefix;
    }

    /// <summary>Where white space ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(ReadOnlySpan<byte> document, int at)
    {
        if (at + 1 < document.Length && document[at] == ' ' && document[at + 1] > ' ') return at + 1;
        return at == document.Length || document[at] > ' ' ? at : SkipSpaces(document, at);
    }

    /// <summary>Sixteen bytes at a time: half of a document may be indentation.</summary>
    private static int SkipSpaces(ReadOnlySpan<byte> document, int at)
    {
        ref var start = ref MemoryMarshal.GetReference(document);
        for (; at <= document.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.LoadUnsafe(ref start, (nuint)at);
            var spaces = Vector128.Equals(bytes, Vector128.Create((byte)' ')) | Vector128.Equals(bytes, Vector128.Create((byte)'\t')) | Vector128.Equals(bytes, Vector128.Create((byte)'\n'));
            var others = ~spaces.ExtractMostSignificantBits() & 0xFFFF;
            if (others != 0) return at + int.TrailingZeroCount((int)others);
        }
        while (at < document.Length && document[at] is (byte)' ' or (byte)'\t' or (byte)'\n') at++;
        return at;
    }

    /// <summary>The length of the declaration; -1 when it is not a plain one.</summary>
    private static int DeclarationLength(ReadOnlySpan<byte> document)
    {
        if (!document.StartsWith("<?"u8)) return 0;
        var end = document.IndexOf("?>"u8);
        if (end < 0) return -1;
        var declaration = document[..end];
        return declaration.SequenceEqual("<?xml version=\"1.0\""u8)
            || declaration.SequenceEqual("<?xml version=\"1.0\" encoding=\"UTF-8\""u8)
            || declaration.SequenceEqual("<?xml version=\"1.0\" encoding=\"utf-8\""u8)
            || declaration.SequenceEqual("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\""u8)
            || declaration.SequenceEqual("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\""u8) ? end + 2 : -1;
    }

    /// <summary>From behind the name of an element to behind its start tag.</summary>
    [SkipLocalsInit]
    private static bool AttributesMatch(ReadOnlySpan<byte> document, ref int at, bool isRoot, Span<(int Start, int Length)> prefixes, ref int prefixCount, out bool isEmpty)
    {
        Span<(int Start, int Length)> names = stackalloc (int, int)[MaxAttributes];
        var kinds = Kinds;
        var count = 0;
        isEmpty = false;
        while (true)
        {
            var start = SkipSpace(document, at);
            if (start == document.Length) return false;
            if (document[start] is (byte)'>' or (byte)'/')
            {
                isEmpty = document[start] == '/';
                if (isEmpty && (++start == document.Length || document[start] != '>')) return false;
                at = start + 1;
                return true;
            }
            var length = AttributeNameAt(document, start);
            if (start == at || length == 0 || count == MaxAttributes) return false;
            var name = document.Slice(start, length);
            if (name.IndexOf((byte)':') >= 0 && !name.StartsWith("xmlns:"u8)) return false;
            for (var i = 0; i < count; i++)
            {
                if (names[i].Length == length && name.SequenceEqual(document.Slice(names[i].Start, length))) return false;
            }
            names[count++] = (start, length);
            at = start + length;
            if (at + 1 >= document.Length || document[at] != '=' || document[at + 1] is not ((byte)'"' or (byte)'\'')) return false;
            var quote = document[at + 1];
            var from = at += 2;
            // White space other than blanks would be made blanks.
            while (true)
            {
                at = AfterKind(document, at, Value, quote, kinds);
                if (at == document.Length) return false;
                if (document[at] == quote) break;
                var entity = document[at] == '&' ? EntityAt(document, at) : 0;
                if (entity == 0) return false;
                at += entity;
            }
            var value = document[from..at++];
            if (!name.StartsWith("xmlns"u8)) continue;
            if (!isRoot || !DeclaresPlainly(name, value)) return false;
            if (length > 5) prefixes[prefixCount++] = (start + 6, length - 6);
        }
    }

    private static bool IsDeclared(ReadOnlySpan<byte> document, ReadOnlySpan<byte> prefix, ReadOnlySpan<(int Start, int Length)> prefixes)
    {
        foreach (var (start, length) in prefixes)
        {
            if (prefix.SequenceEqual(document.Slice(start, length))) return true;
        }
        return false;
    }

    /// <summary>PMML's own namespace for all elements without a prefix, or another one for a prefix.</summary>
    private static bool DeclaresPlainly(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.IndexOf((byte)'&') >= 0) return false;
        var isOwn = value.IndexOf("dmg.org/PMML"u8) >= 0;
        if (name.SequenceEqual("xmlns"u8) || isOwn) return isOwn && name.Length == 5;
        // Prefixes and namespaces of XML itself have rules of their own.
        return name.StartsWith("xmlns:"u8) && !name.StartsWith("xmlns:xml"u8) && value.Length > 0 && value.IndexOf("www.w3.org/XML"u8) < 0 && value.IndexOf("xmlns"u8) < 0;
    }

    private static byte[] MakeKinds()
    {
        var kinds = new byte[256];
        for (var c = ' '; c <= '~'; c++)
        {
            if (c is not ('<' or '&')) kinds[c] = Value;
            if (char.IsAsciiLetter(c) || c == '_') kinds[c] |= NameStart | Name;
            if (char.IsAsciiDigit(c) || c is '-' or '.') kinds[c] |= Name;
        }
        kinds[' '] |= Space;
        kinds['\t'] = Space;
        kinds['\n'] = Space;
        return kinds;
    }
}
