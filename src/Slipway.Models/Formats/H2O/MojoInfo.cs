using System.Globalization;
using System.Text;
using Slipway.Core;

namespace Slipway.Models.Formats.H2O;

/// <summary>
/// <c>model.ini</c>: <c>key = value</c> lines under <c>[info]</c>, the names under <c>[columns]</c>, and under <c>[domains]</c>
/// <c>column: levels file</c>. Values stay bytes until they are asked for, as they hold the weights of neural networks, too.
/// </summary>
internal sealed class MojoInfo
{
    private readonly byte[] _text;
    private readonly string _place;
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

    private MojoInfo(byte[] text, string place) => (_text, _place) = (text, place);

    public List<string> Columns { get; } = [];

    /// <summary>Of categorical columns, the response included: the column's number, how many levels there are, and the file in <c>domains/</c> that holds them.</summary>
    public List<(int Column, int Levels, string File)> Domains { get; } = [];

    /// <param name="place">The file's name, for messages.</param>
    /// <exception cref="ModelException">A line is not what its section holds; the message names it.</exception>
    public static MojoInfo Read(byte[] text, string place)
    {
        var info = new MojoInfo(text, place);
        ReadOnlySpan<byte> rest = text;
        var section = Section.None;
        for (int line = 1, start = 0; start < text.Length; line++)
        {
            var end = rest[start..].IndexOfAny((byte)'\n', (byte)'\r');
            var length = end < 0 ? text.Length - start : end;
            info.ReadLine(new Range(start, start + length), line, ref section);
            start += length + 1;
            if (start < text.Length && text[start - 1] == '\r' && text[start] == '\n') start++;
        }
        return info;
    }

    /// <summary>Keys: no count of them is larger.</summary>
    public int KeyCount => _values.Count;

    /// <summary>The key is there, and not <c>null</c>.</summary>
    public bool Has(string key) => _values.TryGetValue(key, out var value) && !Bytes(value).SequenceEqual("null"u8);

    public string? TextOrNull(string key) => Has(key) ? Encoding.UTF8.GetString(Bytes(_values[key])) : null;

    public string Text(string key) => TextOrNull(key) ?? throw Absent(key);

    public int Int(string key) => Has(key) ? Parse(key, _values[key]) : throw Absent(key);

    public int Int(string key, int absent) => Has(key) ? Parse(key, _values[key]) : absent;

    public double Double(string key) => Has(key) ? Number(key, _values[key], Bytes(_values[key])) : throw Absent(key);

    public double Double(string key, double absent) => Has(key) ? Double(key) : absent;

    public bool Bool(string key, bool absent)
    {
        if (!Has(key)) return absent;
        var text = Bytes(_values[key]);
        return text.SequenceEqual("true"u8) || (text.SequenceEqual("false"u8) ? false : throw Fault(key, "true or false"));
    }

    /// <summary>The values of <c>[1.0, 2.0]</c>, none when the key is absent.</summary>
    public double[] Doubles(string key)
    {
        if (!Has(key)) return [];
        var value = _values[key];
        var items = Items(key, value);
        var numbers = new double[Count(items)];
        foreach (ref var number in numbers.AsSpan()) number = Number(key, value, Next(ref items));
        return numbers;
    }

    /// <inheritdoc cref="Doubles"/>
    public int[] Ints(string key)
    {
        if (!Has(key)) return [];
        var value = _values[key];
        var items = Items(key, value);
        var numbers = new int[Count(items)];
        foreach (ref var number in numbers.AsSpan())
        {
            if (!int.TryParse(Next(ref items), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)) throw Fault(key, "whole numbers");
        }
        return numbers;
    }

    /// <summary>A fault that is the value's, not its form's.</summary>
    public ModelException Fault(string key, string expected)
    {
        if (!_values.TryGetValue(key, out var value)) return Absent(key);
        var text = Bytes(value);
        var shown = Encoding.UTF8.GetString(text.Length > 60 ? text[..60] : text);
        return new ModelException($"{_place}, line {value.Line}: {key} is '{shown}', {expected} expected");
    }

    private ModelException Absent(string key) => new($"{_place}: {key} is absent");

    private void ReadLine(Range range, int line, ref Section section)
    {
        var (start, end) = (range.Start.Value, range.End.Value);
        Trim(ref start, ref end);
        var text = _text.AsSpan(start..end);
        if (text.IsEmpty || text[0] == '#') return;
        if (text.SequenceEqual("[info]"u8)) section = Section.Info;
        else if (text.SequenceEqual("[columns]"u8)) section = Section.Columns;
        else if (text.SequenceEqual("[domains]"u8)) section = Section.Domains;
        else if (section == Section.Columns) Columns.Add(Encoding.UTF8.GetString(text));
        else if (section == Section.Domains) Domains.Add(Domain(text, line));
        else AddValue(start, end, line, section);
    }

    private void AddValue(int start, int end, int line, Section section)
    {
        var equals = _text.AsSpan(start..end).IndexOf((byte)'=');
        if (section == Section.None || equals < 0) throw new ModelException($"{_place}, line {line}: [info], and then key = value expected");
        var (keyEnd, valueStart) = (start + equals, start + equals + 1);
        Trim(ref start, ref keyEnd);
        Trim(ref valueStart, ref end);
        _values[Encoding.UTF8.GetString(_text.AsSpan(start..keyEnd))] = new Value(valueStart, end, line);
    }

    private (int Column, int Levels, string File) Domain(ReadOnlySpan<byte> text, int line)
    {
        var colon = text.IndexOf((byte)':');
        var rest = text[(colon + 1)..].Trim(" \t"u8);
        var space = rest.IndexOf((byte)' ');
        if (colon > 0 && space > 0
            && int.TryParse(text[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var column)
            && int.TryParse(rest[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var levels))
        {
            return (column, levels, Encoding.UTF8.GetString(rest[(space + 1)..]));
        }
        throw new ModelException($"{_place}, line {line}: '{Encoding.UTF8.GetString(text)}' in [domains], 'column: levels file' expected");
    }

    private void Trim(ref int start, ref int end)
    {
        while (start < end && _text[start] <= ' ') start++;
        while (end > start && _text[end - 1] <= ' ') end--;
    }

    private ReadOnlySpan<byte> Bytes(Value value) => _text.AsSpan(value.Start..value.End);

    private int Parse(string key, Value value) =>
        int.TryParse(Bytes(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Fault(key, "a whole number");

    private double Number(string key, Value value, ReadOnlySpan<byte> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Fault(key, "a number");

    private ReadOnlySpan<byte> Items(string key, Value value)
    {
        var text = Bytes(value);
        return text is [(byte)'[', .., (byte)']'] ? text[1..^1].Trim(" \t"u8) : throw Fault(key, "a list in brackets");
    }

    private static int Count(ReadOnlySpan<byte> items) => items.IsEmpty ? 0 : items.Count((byte)',') + 1;

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> items)
    {
        var comma = items.IndexOf((byte)',');
        var item = comma < 0 ? items : items[..comma];
        items = comma < 0 ? default : items[(comma + 1)..];
        return item.Trim(" \t"u8);
    }

    private enum Section
    {
        None,
        Info,
        Columns,
        Domains,
    }

    private readonly record struct Value(int Start, int End, int Line);
}
