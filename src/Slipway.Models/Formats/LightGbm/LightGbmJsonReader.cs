using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.LightGbm;

/// <summary>Reads what <c>dump_model</c> gives: an object with the header, the trees as nested objects, and the categories of pandas.</summary>
internal ref struct LightGbmJsonReader(ReadOnlySpan<byte> file)
{
    /// <summary>Trees are nested as deep as they are; nothing here recurses.</summary>
    private const int MaxDepth = 1 << 24;

    private readonly LightGbmDocument _document = new();
    private readonly Dictionary<string, FeatureInfo> _infos = [];
    private readonly int _length = file.Length;
    private Utf8JsonReader _reader = new(file, new JsonReaderOptions { MaxDepth = MaxDepth });
    private Utf8JsonReader _trees;
    private bool _hasTrees;

    /// <param name="hasStatistics">Whether what training knew of the nodes is kept, too.</param>
    /// <exception cref="ModelException">The file is damaged.</exception>
    public TreeModelDefinition Read(bool hasStatistics = true)
    {
        try
        {
            ReadHeader();
            if (!_hasTrees) throw new ModelException("there is no tree_info");
            if (_infos.Count > 0) _document.FeatureInfos = ByFeature(_infos, _document.FeatureNames);
            _reader = _trees;
            var trees = new LightGbmTrees(_document, hasStatistics);
            ReadTrees(trees);
            return LightGbmImport.Import(_document, trees);
        }
        catch (JsonException e)
        {
            throw new ModelException($"byte {_reader.BytesConsumed}: not valid JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new ModelException($"byte {_reader.TokenStartIndex}: the text is not valid UTF-8", e);
        }
    }

    private void ReadHeader()
    {
        _reader.Read();
        Expect(JsonTokenType.StartObject, "an object");
        while (NextName())
        {
            if (NameIs("version"u8)) _document.Version = Text();
            else if (NameIs("num_class"u8)) _document.Classes = Integer();
            else if (NameIs("num_tree_per_iteration"u8)) _document.TreesPerIteration = Integer();
            else if (NameIs("max_feature_idx"u8)) _document.MaxFeatureIndex = Integer();
            else if (NameIs("objective"u8)) _document.Objective = Text();
            else if (NameIs("average_output"u8)) _document.AverageOutput = Boolean();
            else if (NameIs("feature_names"u8)) ReadNames();
            else if (NameIs("feature_infos"u8)) ReadInfos();
            else if (NameIs("pandas_categorical"u8)) ReadPandasCategories();
            else if (NameIs("tree_info"u8)) FindTrees();
            else _reader.Skip();
        }
        if (_reader.Read()) throw Unexpected("the end");
    }

    /// <summary>Keeps the place of the trees and counts them.</summary>
    private void FindTrees()
    {
        _reader.Read();
        Expect(JsonTokenType.StartArray, "an array of trees");
        _trees = _reader;
        _hasTrees = true;
        _document.AnnouncedTrees = 0;
        while (NextItem())
        {
            _document.AnnouncedTrees++;
            _reader.Skip();
        }
    }

    private void ReadNames()
    {
        var names = ImmutableArray.CreateBuilder<string>();
        _reader.Read();
        Expect(JsonTokenType.StartArray, "an array of names");
        while (NextItem())
        {
            Expect(JsonTokenType.String, "a name");
            names.Add(_reader.GetString()!);
        }
        _document.FeatureNames = names.ToImmutable();
    }

    /// <summary>Numbers have a range; categories also the list of their values.</summary>
    private void ReadInfos()
    {
        _reader.Read();
        Expect(JsonTokenType.StartObject, "an object");
        while (NextName())
        {
            var name = _reader.GetString()!;
            var (kind, min, max) = (FeatureKind.Numerical, double.NaN, double.NaN);
            _reader.Read();
            Expect(JsonTokenType.StartObject, "an object");
            while (NextName())
            {
                if (NameIs("min_value"u8)) min = Number();
                else if (NameIs("max_value"u8)) max = Number();
                else if (NameIs("values"u8))
                {
                    _reader.Read();
                    Expect(JsonTokenType.StartArray, "an array");
                    while (NextItem())
                    {
                        kind = FeatureKind.Categorical;
                        _reader.Skip();
                    }
                }
                else _reader.Skip();
            }
            _infos[name] = new FeatureInfo(kind, min, max);
        }
    }

    private static FeatureInfo[] ByFeature(Dictionary<string, FeatureInfo> infos, ImmutableArray<string> names) => [.. names.Select(n => infos.GetValueOrDefault(n))];

    private void ReadPandasCategories()
    {
        _reader.Read();
        try
        {
            _document.PandasCategories = PandasCategories.Read(ref _reader);
        }
        catch (ModelException e)
        {
            throw new ModelException($"byte {_reader.TokenStartIndex}: pandas_categorical: {e.Message}", e);
        }
    }

    private void ReadTrees(LightGbmTrees trees)
    {
        var tree = new LightGbmTree();
        var nodes = new LightGbmJsonNodes(tree);
        while (NextItem())
        {
            try
            {
                Expect(JsonTokenType.StartObject, "a tree");
                tree.Clear();
                while (NextName())
                {
                    if (NameIs("num_leaves"u8)) tree.Leaves = Integer();
                    else if (NameIs("tree_structure"u8)) ReadNodes(nodes);
                    else _reader.Skip();
                }
            }
            catch (ModelException e)
            {
                throw new ModelException($"tree {trees.Count}: {e.Message}", e);
            }
            trees.Add(tree);
        }
    }

    private void ReadNodes(LightGbmJsonNodes nodes)
    {
        _reader.Read();
        Expect(JsonTokenType.StartObject, "a node");
        nodes.Begin(_length);
        nodes.Push(isLeft: true);
        while (nodes.Open > 0)
        {
            if (!NextName())
            {
                nodes.Pop();
                continue;
            }
            if (NameIs("left_child"u8) || NameIs("right_child"u8))
            {
                var isLeft = NameIs("left_child"u8);
                _reader.Read();
                Expect(JsonTokenType.StartObject, "a node");
                nodes.Push(isLeft);
            }
            else
            {
                ReadField(nodes);
            }
        }
        nodes.End();
    }

    private void ReadField(LightGbmJsonNodes nodes)
    {
        ref var node = ref nodes.Top;
        if (NameIs("split_index"u8)) node.Split = Integer();
        else if (NameIs("split_feature"u8)) node.Feature = Integer();
        else if (NameIs("split_gain"u8)) node.Gain = Number();
        else if (NameIs("threshold"u8)) ReadThreshold(nodes, ref node);
        else if (NameIs("decision_type"u8)) node.IsCategorical = Text() == "==";
        else if (NameIs("default_left"u8)) node.DefaultLeft = Boolean();
        else if (NameIs("missing_type"u8)) node.Missing = Missing();
        else if (NameIs("internal_count"u8)) node.SplitCount = Number();
        else if (NameIs("leaf_index"u8)) node.Leaf = Integer();
        else if (NameIs("leaf_value"u8)) node.LeafValue = Number();
        else if (NameIs("leaf_count"u8)) node.LeafCount = Number();
        else if (NameIs("leaf_const"u8)) node.LeafConstant = Number();
        else if (NameIs("leaf_features"u8)) node.TermFeatures = ReadTerms(nodes.TermFeatures);
        else if (NameIs("leaf_coeff"u8)) node.TermCoefficients = ReadTerms(nodes.TermCoefficients);
        else _reader.Skip();
    }

    /// <summary>A number, or the categories that go left: <c>1||5||7</c>.</summary>
    private void ReadThreshold(LightGbmJsonNodes nodes, ref LightGbmJsonNodes.Node node)
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.Number)
        {
            node.Threshold = _reader.GetDouble();
            return;
        }
        Expect(JsonTokenType.String, "a number or categories");
        if (_reader.ValueIsEscaped) throw Unexpected("categories");
        node.Threshold = nodes.BeginSet();
        node.HasSet = true;
        var text = _reader.ValueSpan;
        foreach (var range in text.Split("||"u8))
        {
            if (!text[range].IsEmpty) nodes.Category(LightGbmNumbers.ParseInteger(text[range]));
        }
    }

    private (int Start, int Count) ReadTerms(GrowingArray<double> numbers)
    {
        var start = numbers.Count;
        _reader.Read();
        Expect(JsonTokenType.StartArray, "an array");
        while (NextItem())
        {
            Expect(JsonTokenType.Number, "a number");
            numbers.Add(_reader.GetDouble());
        }
        return (start, numbers.Count - start);
    }

    private MissingType Missing() => Text() switch
    {
        "None" => MissingType.None,
        "Zero" => MissingType.Zero,
        "NaN" => MissingType.NaN,
        _ => throw Unexpected("None, Zero or NaN"),
    };

    private bool NextName()
    {
        _reader.Read();
        return _reader.TokenType == JsonTokenType.PropertyName;
    }

    private bool NextItem()
    {
        _reader.Read();
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    private readonly bool NameIs(ReadOnlySpan<byte> name) => _reader.ValueTextEquals(name);

    private string Text()
    {
        _reader.Read();
        Expect(JsonTokenType.String, "text");
        return _reader.GetString()!;
    }

    private int Integer()
    {
        _reader.Read();
        return _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out var value) ? value : throw Unexpected("a 32-bit integer");
    }

    private double Number()
    {
        _reader.Read();
        Expect(JsonTokenType.Number, "a number");
        return _reader.GetDouble();
    }

    private bool Boolean()
    {
        _reader.Read();
        return _reader.TokenType is JsonTokenType.True or JsonTokenType.False ? _reader.GetBoolean() : throw Unexpected("true or false");
    }

    private readonly void Expect(JsonTokenType type, string wanted)
    {
        if (_reader.TokenType != type) throw Unexpected(wanted);
    }

    private readonly ModelException Unexpected(string wanted) => new($"byte {_reader.TokenStartIndex}: {wanted} expected, {_reader.TokenType} found");
}
