using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>A field of a structured <see cref="DataType"/>.</summary>
/// <param name="Offset">In bytes, from the start of the item.</param>
internal sealed record DataTypeField(string Name, DataType Type, int Offset);

/// <summary>The type of a numpy array's items.</summary>
/// <param name="Kind">numpy's letter: f, i, u, b, S, U, O, V, …</param>
/// <param name="Size">Of an item, in bytes.</param>
/// <param name="Fields">Of a structured type; else empty.</param>
internal sealed record DataType(char Kind, int Size, bool BigEndian, ImmutableArray<DataTypeField> Fields)
{
    /// <summary>Beyond anything that is written.</summary>
    private const int MaxSize = 1 << 28;
    private const int MaxFields = 64;

    /// <summary>Structures in structures; none of the known ones has any.</summary>
    private const int MaxDepth = 2;

    /// <param name="datum">A call of <c>numpy.dtype</c> with its state.</param>
    /// <exception cref="ModelException">It is none.</exception>
    public static DataType Of(Datum? datum) => Of(datum, 0);

    private static DataType Of(Datum? datum, int depth)
    {
        if (datum is not ObjectDatum { Class: { Name: "dtype", Module: "numpy" } } type || type.Argument(0) is not { } argument || CodeOf(argument) is not { Length: > 0 } code)
        {
            throw new ModelException($"the type of an array expected (numpy.dtype), {datum?.Kind ?? "nothing"} found");
        }
        var (kind, size) = Parse(code);
        var state = (type.State as ListDatum)?.Items ?? [];
        // (version, byte order, subarray, names, fields, item size, alignment, flags)
        var bigEndian = state.Count > 1 && state[1] is TextDatum { Value: ">" };
        if (state.Count <= 4 || state[4] is not MapDatum map) return new DataType(state.Count > 2 && state[2] is ListDatum ? 'V' : kind, size, bigEndian, []);
        if (depth == MaxDepth || map.Entries.Count > MaxFields) throw new ModelException("the type of an array has too many fields");
        var fields = ImmutableArray.CreateBuilder<DataTypeField>(map.Entries.Count);
        foreach (var (name, value) in map.Entries)
        {
            if (NameOf(name) is not { } text || value is not ListDatum { Items: [var fieldType, IntegerDatum offset, ..] }) throw new ModelException("the type of an array has a field without a name, a type or an offset");
            var inner = Of(fieldType, depth + 1);
            if (offset.Value < 0 || offset.Value > size - inner.Size) throw new ModelException($"the field '{text}' of an array is outside of its items of {size} bytes");
            fields.Add(new DataTypeField(text, inner, (int)offset.Value));
        }
        return new DataType('V', size, bigEndian, fields.ToImmutable());
    }

    public DataTypeField? Find(string name)
    {
        foreach (var field in Fields)
        {
            if (field.Name == name) return field;
        }
        return null;
    }

    /// <summary>In an error message.</summary>
    public override string ToString() => Fields.IsEmpty ? $"{Kind}{Size.ToString(CultureInfo.InvariantCulture)}" : "a structure";

    private static string? NameOf(Datum name) => name is TextDatum text ? text.Value : name.TryGetBytes(out var bytes) ? System.Text.Encoding.Latin1.GetString(bytes.Span) : null;

    private static string? CodeOf(Datum argument) => NameOf(argument);

    private static (char Kind, int Size) Parse(string code)
    {
        var size = code.Length == 1 ? DefaultSize(code[0]) : int.TryParse(code.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var written) ? written : -1;
        if (code[0] == 'U' && size <= MaxSize / 4) size *= 4;
        return size is >= 0 and <= MaxSize ? (code[0], size) : throw new ModelException($"the type '{code}' of an array is not known");
    }

    private static int DefaultSize(char kind) => kind switch
    {
        'O' => 8,
        'b' => 1,
        _ => 0,
    };
}
