using System.Globalization;
using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>ZipMap: every row of scores as a map from label to score. Maps are in the order of their labels, as ONNX Runtime's are.</summary>
internal sealed class ZipMap : Operator
{
    private readonly TensorValue _labels;
    private readonly int[] _order;
    private readonly int _columns;

    public ZipMap(NodeInfo node)
    {
        var (numbers, texts) = (node.Ints("classlabels_int64s") ?? [], node.Texts("classlabels_strings") ?? []);
        if (numbers.Length > 0 == texts.Length > 0) throw node.Wrong("one of the attributes 'classlabels_int64s' and 'classlabels_strings' is expected");
        _columns = numbers.Length + texts.Length;
        if (numbers.Length > 0)
        {
            var sorted = Sorted(numbers, Comparer<long>.Default);
            _order = [.. sorted.Values];
            _labels = TensorValue.Vector([.. sorted.Keys]);
        }
        else
        {
            var sorted = Sorted(texts, StringComparer.Ordinal);
            _order = [.. sorted.Values];
            _labels = new TensorValue(DataType.String, sorted.Count);
            sorted.Keys.ToArray().CopyTo(_labels.Strings);
        }
    }

    public override void Infer(InferenceContext context)
    {
        if (FeatureRows.Of(context.Shape(0)) is { Features: >= 0 and var columns } && columns != _columns) throw new ModelException($"{columns} scores a row are given for {_columns} labels");
        if (context.HasOutput(0)) context.SetOutput(0, new SequenceType(new MapType(_labels.Element, new TensorType(DataType.Float32))));
    }

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        var (rows, columns) = FeatureRows.Of(x);
        if (columns != _columns) throw new RecordException($"{columns} scores a row are given for {_columns} labels");
        var scores = x.Values<float>();
        var maps = new Value[rows];
        for (var row = 0; row < rows; row++)
        {
            var values = new TensorValue(DataType.Float32, _order.Length);
            var to = values.Values<float>();
            for (var i = 0; i < to.Length; i++) to[i] = scores[(row * columns) + _order[i]];
            maps[row] = new MapValue(_labels, values);
        }
        context.Set(0, new SequenceValue(new MapType(_labels.Element, new TensorType(DataType.Float32)), maps));
    }

    /// <summary>The place of each label; of equal ones the last.</summary>
    private static SortedDictionary<T, int> Sorted<T>(T[] labels, IComparer<T> comparer) where T : notnull
    {
        var places = new SortedDictionary<T, int>(comparer);
        for (var i = 0; i < labels.Length; i++) places[labels[i]] = i;
        return places;
    }
}

/// <summary>DictVectorizer: the values of a map in the order of a vocabulary, 0 (or an empty text) for those that it has not.</summary>
internal sealed class DictVectorizer : Operator
{
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> _numbers = [];
    private readonly bool _ofTexts;
    private readonly int _count;

    private DictVectorizer(string[] texts, long[] numbers)
    {
        (_ofTexts, _count) = (texts.Length > 0, texts.Length + numbers.Length);
        for (var i = 0; i < texts.Length; i++) _texts[texts[i]] = i;
        for (var i = 0; i < numbers.Length; i++) _numbers[numbers[i]] = i;
    }

    public static DictVectorizer Create(NodeInfo node)
    {
        var (texts, numbers) = (node.Texts("string_vocabulary") ?? [], node.Ints("int64_vocabulary") ?? []);
        if (texts.Length > 0 == numbers.Length > 0) throw node.Wrong("one of the attributes 'string_vocabulary' and 'int64_vocabulary' is expected");
        return new DictVectorizer(texts, numbers);
    }

    public override void Infer(InferenceContext context)
    {
        if (context.InputType(0) is not { } type) return;
        if (type is not MapType { Item: TensorType item } map) throw new ModelException($"a map is expected, {type} is given");
        if (map.Key == DataType.String != _ofTexts) throw new ModelException($"the vocabulary is of {(_ofTexts ? "texts" : "numbers")}, the map has keys of type {map.Key.Text}");
        context.SetOutput(0, item.Element, 1, _count);
    }

    public override void Run(RunContext context)
    {
        if (context.InputValue(0) is not MapValue map) throw new RecordException($"a map is expected, {context.InputValue(0).Type} is given");
        var y = context.Allocate(0, map.Values.Element, 1, _count);
        if (y.Element == DataType.String) y.Strings.Fill("");
        else y.Bytes.Clear();
        var move = new Place(this, map, y);
        ElementWidths.Move(y.Element, ref move);
    }

    private int PlaceOf(TensorValue keys, int i)
    {
        if (_ofTexts) return _texts.GetValueOrDefault(keys.Strings[i], -1);
        return _numbers.GetValueOrDefault(keys.IntAt(i), -1);
    }

    private readonly ref struct Place(DictVectorizer owner, MapValue map, TensorValue y) : IElementMove
    {
        public void Move<T>()
        {
            var from = map.Values.Elements<T>();
            var to = y.Elements<T>();
            for (var i = 0; i < from.Length; i++)
            {
                if (owner.PlaceOf(map.Keys, i) is >= 0 and var place) to[place] = from[i];
            }
        }
    }
}

/// <summary>CastMap: the values of a map with int64 keys as a row, in the order of the keys (DENSE) or each at its key (SPARSE).</summary>
internal sealed class CastMap : Operator
{
    private const long MostColumns = 1 << 28;

    private readonly DataType _to;
    private readonly int _width;

    public CastMap(NodeInfo node)
    {
        _to = node.Text("cast_to", "TO_FLOAT") switch
        {
            "TO_FLOAT" => DataType.Float32,
            "TO_INT64" => DataType.Int64,
            "TO_STRING" => DataType.String,
            var other => throw node.Wrong($"attribute 'cast_to': '{other}' is unknown: TO_FLOAT, TO_INT64 or TO_STRING is expected"),
        };
        _width = node.Text("map_form", "DENSE") switch
        {
            "DENSE" => -1,
            "SPARSE" => node.Int("max_map", 1) is > 0 and <= MostColumns and var width ? (int)width : throw node.Wrong($"attribute 'max_map': {node.Int("max_map", 1)} is no number of columns"),
            var other => throw node.Wrong($"attribute 'map_form': '{other}' is unknown: DENSE or SPARSE is expected"),
        };
    }

    public override void Infer(InferenceContext context)
    {
        if (context.InputType(0) is { } type && type is not MapType { Key: DataType.Int64 }) throw new ModelException($"a map with int64 keys is expected, {type} is given");
        context.SetOutput(0, _to, 1, _width < 0 ? context.NewSymbol() : _width);
    }

    public override void Run(RunContext context)
    {
        if (context.InputValue(0) is not MapValue { Keys.Element: DataType.Int64 } map) throw new RecordException($"a map with int64 keys is expected, {context.InputValue(0).Type} is given");
        var keys = map.Keys.Values<long>().ToArray();
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(keys, order);
        if (keys.Length > 0 && keys[0] < 0) throw new RecordException($"key {keys[0]} is below zero");
        var y = context.Allocate(0, _to, 1, _width < 0 ? keys.Length : _width);
        if (_to == DataType.String) y.Strings.Fill(_width < 0 ? "" : "0.f");
        else y.Bytes.Clear();
        for (var i = 0; i < keys.Length; i++)
        {
            var place = _width < 0 ? i : keys[i];
            if (place < y.Count) Set(y, (int)place, map.Values, order[i]);
        }
    }

    private static void Set(TensorValue y, int place, TensorValue values, int i)
    {
        switch (y.Element)
        {
            case DataType.Float32: y.Values<float>()[place] = values.Element == DataType.String ? Parse<float>(values.Strings[i]) : (float)values.NumberAt(i); break;
            case DataType.Int64: y.Values<long>()[place] = values.Element == DataType.String ? Parse<long>(values.Strings[i]) : (long)values.NumberAt(i); break;
            default: y.Strings[place] = values.Element == DataType.String ? values.Strings[i] : values.NumberAt(i).ToString("F6", CultureInfo.InvariantCulture); break;
        }
    }

    private static T Parse<T>(string text) where T : INumberBase<T> =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw new RecordException($"'{text}' is no number");
}
