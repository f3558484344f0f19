using System.Globalization;
using System.Text;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>A value of a file as inert data: nothing in it is ever called, looked up or executed. Values may be shared and may form cycles: who walks them counts his steps.</summary>
internal abstract class Datum
{
    /// <summary>What it is, in an error message.</summary>
    public abstract string Kind { get; }

    /// <summary>The bytes of a byte string, of a Python 2 string, or of a text that stands for bytes (protocols 0 to 2); else false.</summary>
    public virtual bool TryGetBytes(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        return false;
    }
}

internal sealed class NoneDatum : Datum
{
    public static NoneDatum Value { get; } = new();

    public override string Kind => "None";
}

internal sealed class BooleanDatum(bool value) : Datum
{
    public static BooleanDatum True { get; } = new(true);

    public static BooleanDatum False { get; } = new(false);

    public bool Value => value;

    public override string Kind => "a boolean";
}

internal sealed class IntegerDatum(long value) : Datum
{
    private static readonly IntegerDatum[] Small = [.. Enumerable.Range(0, 256).Select(i => new IntegerDatum(i))];

    public long Value => value;

    public override string Kind => $"the integer {value.ToString(CultureInfo.InvariantCulture)}";

    public static IntegerDatum Of(long value) => value is >= 0 and < 256 ? Small[value] : new IntegerDatum(value);
}

internal sealed class RealDatum(double value) : Datum
{
    public double Value => value;

    public override string Kind => "a number";
}

/// <summary>Something that no reader looks into: large integers, persistent ids, extension codes.</summary>
internal sealed class OpaqueDatum(string kind) : Datum
{
    public override string Kind => kind;
}

/// <summary>A text, kept as the file writes it until it is asked for.</summary>
internal sealed class TextDatum(ReadOnlyMemory<byte> raw, TextEncoding encoding) : Datum
{
    public TextDatum(string text) : this(Encoding.UTF8.GetBytes(text), TextEncoding.Utf8)
    {
    }

    public string Value => field ??= encoding switch
    {
        TextEncoding.Utf8 => Encoding.UTF8.GetString(raw.Span),
        TextEncoding.Bytes => Encoding.Latin1.GetString(raw.Span),
        _ => PickleText.DecodeUnicode(raw.Span),
    };

    public override string Kind => "a text";

    public bool Is(ReadOnlySpan<byte> name) => encoding != TextEncoding.RawUnicodeEscape && raw.Span.SequenceEqual(name);

    /// <summary>Of a Python 2 string, which has none but bytes.</summary>
    public override bool TryGetBytes(out ReadOnlyMemory<byte> bytes)
    {
        bytes = raw;
        return encoding == TextEncoding.Bytes;
    }

    /// <summary>The characters as bytes; false when there are others than Latin-1 has.</summary>
    public bool TryEncodeLatin1(out ReadOnlyMemory<byte> bytes) => encoding switch
    {
        TextEncoding.Bytes => TryGetBytes(out bytes),
        TextEncoding.Utf8 => PickleText.TryNarrowUtf8(raw.Span, out bytes),
        _ => PickleText.TryNarrowUnicode(raw.Span, out bytes),
    };
}

/// <summary>How the bytes of a text stand for its characters.</summary>
internal enum TextEncoding
{
    Utf8,

    /// <summary>A character each: strings of Python 2.</summary>
    Bytes,

    /// <summary>Python's raw-unicode-escape, of protocol 0.</summary>
    RawUnicodeEscape,
}

internal sealed class BytesDatum(ReadOnlyMemory<byte> bytes) : Datum
{
    public override string Kind => "bytes";

    public override bool TryGetBytes(out ReadOnlyMemory<byte> content)
    {
        content = bytes;
        return true;
    }
}

/// <summary>A list, tuple or set.</summary>
internal sealed class ListDatum(List<Datum> items) : Datum
{
    public List<Datum> Items => items;

    public override string Kind => $"a list of {items.Count}";
}

/// <summary>Numbers that a JSON file lists: most columns of trees are integers, which take half the room.</summary>
internal sealed class NumbersDatum : Datum
{
    private readonly double[] _reals = [];
    private readonly int[] _integers = [];

    private NumbersDatum(double[] reals) => _reals = reals;

    private NumbersDatum(int[] integers) => _integers = integers;

    public int Count => _reals.Length + _integers.Length;

    public override string Kind => $"a list of {Count} numbers";

    /// <param name="areIntegers">Each is the same as an <see cref="int"/>.</param>
    public static NumbersDatum Of(ReadOnlySpan<double> values, bool areIntegers)
    {
        if (!areIntegers) return new NumbersDatum(values.ToArray());
        var integers = new int[values.Length];
        for (var i = 0; i < integers.Length; i++) integers[i] = (int)values[i];
        return new NumbersDatum(integers);
    }

    /// <returns>Not to be changed.</returns>
    public double[] Values()
    {
        if (_integers.Length == 0) return _reals;
        var values = new double[_integers.Length];
        for (var i = 0; i < values.Length; i++) values[i] = _integers[i];
        return values;
    }
}

internal sealed class MapDatum : Datum
{
    public List<KeyValuePair<Datum, Datum>> Entries { get; } = [];

    public override string Kind => $"a dictionary of {Entries.Count}";

    /// <summary>The value of a text key, of several the last; null when there is none.</summary>
    public Datum? Find(ReadOnlySpan<byte> key)
    {
        for (var i = Entries.Count - 1; i >= 0; i--)
        {
            if (Entries[i].Key is TextDatum text && text.Is(key)) return Entries[i].Value;
        }
        return null;
    }

    public Datum? Find(string key)
    {
        for (var i = Entries.Count - 1; i >= 0; i--)
        {
            if (Entries[i].Key is TextDatum text && text.Value == key) return Entries[i].Value;
        }
        return null;
    }
}

/// <summary>The name of a class or function. That is all: it is never looked up.</summary>
internal sealed class GlobalDatum(string module, string name) : Datum
{
    public string Module => module;

    public string Name => name;

    public string QualifiedName => $"{module}.{name}";

    public override string Kind => QualifiedName;
}

/// <summary>What a call would make, if it were called: a function or class, its arguments, and the state that the object would get.</summary>
internal sealed class ObjectDatum(Datum callable, Datum arguments) : Datum
{
    public Datum Callable => callable;

    public Datum Arguments => arguments;

    public Datum? State { get; set; }

    /// <summary>What would be appended, when it is a kind of list or set.</summary>
    public List<Datum>? Items { get; set; }

    /// <summary>The class of the object, where the file names it.</summary>
    public GlobalDatum? Class => callable switch
    {
        GlobalDatum { Name: "_reconstructor", Module: "copyreg" or "copy_reg" } when Argument(0) is GlobalDatum type => type,
        GlobalDatum type => type,
        _ => null,
    };

    public override string Kind => Class?.QualifiedName ?? "an object without a class";

    public Datum? Argument(int index) => arguments is ListDatum list && index < list.Items.Count ? list.Items[index] : null;

    /// <summary>Bytes that protocols 0 to 2 write as <c>_codecs.encode(text, "latin1")</c> or <c>bytes()</c>.</summary>
    public override bool TryGetBytes(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (callable is not GlobalDatum function) return false;
        if (function is { Module: "_codecs", Name: "encode" }) return Argument(0) is TextDatum text && text.TryEncodeLatin1(out bytes);
        if (function is not { Name: "bytes" or "bytearray", Module: "builtins" or "__builtin__" }) return false;
        return Argument(0) switch
        {
            null => true,
            // One level: bytearray(b"…").
            ObjectDatum { Callable: GlobalDatum { Name: not "encode" } } => false,
            var content => content.TryGetBytes(out bytes),
        };
    }
}
