using System.Globalization;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>Reads what <c>save_model(format="json")</c> writes. Keys that are not needed are passed over.</summary>
internal ref struct CatBoostJsonReader
{
    private readonly CatBoostDocument _document = new();
    private readonly List<int> _splits = [];
    private readonly List<SplitKind> _splitKinds = [];
    private readonly List<int> _treeSizes = [];
    private readonly List<StepNode> _nodes = [];
    private readonly List<double> _leafValues = [];
    private readonly List<double> _leafWeights = [];
    private JsonCursor _json;
    private bool _sawTrees;

    private CatBoostJsonReader(ReadOnlySpan<byte> json) => _json = new JsonCursor(json);

    private enum SplitKind : byte
    {
        Float,
        OneHot,
        Ctr,
        Leaf,
    }

    public static CatBoostDocument Read(ReadOnlySpan<byte> json)
    {
        var reader = new CatBoostJsonReader(json);
        reader.Read();
        return reader._document;
    }

    private void Read()
    {
        if (!_json.BeginObject()) throw _json.Unexpected("an object");
        while (_json.NextName())
        {
            if (_json.NameIs("model_info"u8)) ReadInfo();
            else if (_json.NameIs("features_info"u8)) ReadFeatures();
            else if (_json.NameIs("ctr_data"u8)) ReadCtrTables();
            else if (_json.NameIs("oblivious_trees"u8)) ReadSymmetricTrees();
            else if (_json.NameIs("trees"u8)) ReadTrees();
            else if (_json.NameIs("scale_and_bias"u8)) ReadScaleAndBias();
            else _json.Skip();
        }
        _json.End();
        if (!_sawTrees) throw new ModelException("there are no 'oblivious_trees' and no 'trees': not a CatBoost model");
        CheckSplitKinds();
        (_document.Splits, _document.TreeSizes, _document.LeafValues, _document.LeafWeights) = ([.. _splits], [.. _treeSizes], [.. _leafValues], [.. _leafWeights]);
        if (_nodes.Count > 0) _document.Nodes = [.. _nodes];
    }

    private void ReadInfo()
    {
        if (!_json.BeginObject()) return;
        while (_json.NextName())
        {
            var name = _json.Name;
            _document.Info[name] = _json.Text();
        }
    }

    private void ReadFeatures()
    {
        if (!_json.BeginObject()) return;
        while (_json.NextName())
        {
            if (_json.NameIs("float_features"u8))
            {
                if (!_json.BeginArray()) continue;
                while (_json.NextItem()) ReadFloatFeature();
            }
            else if (_json.NameIs("categorical_features"u8))
            {
                if (!_json.BeginArray()) continue;
                while (_json.NextItem()) ReadCategoricalFeature();
            }
            else if (_json.NameIs("ctrs"u8))
            {
                if (!_json.BeginArray()) continue;
                while (_json.NextItem()) ReadCtrFeature();
            }
            else _json.Skip();
        }
    }

    private void ReadFloatFeature()
    {
        var feature = new FloatFeature(-1, -1, "", [], HasNans: false, NanTreatment.AsIs);
        if (!_json.BeginObject()) throw _json.Unexpected("a float feature");
        while (_json.NextName())
        {
            if (_json.NameIs("feature_index"u8)) feature = feature with { Index = _json.Int32() };
            else if (_json.NameIs("flat_feature_index"u8)) feature = feature with { FlatIndex = _json.Int32() };
            else if (_json.NameIs("feature_id"u8)) feature = feature with { Name = NameOr(feature.Name) };
            else if (_json.NameIs("feature_name"u8)) feature = feature with { Name = NameOr(feature.Name) };
            else if (_json.NameIs("borders"u8)) feature = feature with { Borders = Floats() };
            else if (_json.NameIs("has_nans"u8)) feature = feature with { HasNans = _json.Boolean() };
            else if (_json.NameIs("nan_value_treatment"u8)) feature = feature with { Nan = Nan(_json.Text()) };
            else _json.Skip();
        }
        _document.FloatFeatures.Add(feature);
    }

    private void ReadCategoricalFeature()
    {
        var feature = new CategoricalFeature(-1, -1, "");
        int[]? values = null;
        string[] texts = [];
        if (!_json.BeginObject()) throw _json.Unexpected("a categorical feature");
        while (_json.NextName())
        {
            if (_json.NameIs("feature_index"u8)) feature = feature with { Index = _json.Int32() };
            else if (_json.NameIs("flat_feature_index"u8)) feature = feature with { FlatIndex = _json.Int32() };
            else if (_json.NameIs("feature_id"u8)) feature = feature with { Name = NameOr(feature.Name) };
            else if (_json.NameIs("feature_name"u8)) feature = feature with { Name = NameOr(feature.Name) };
            else if (_json.NameIs("values"u8)) values = Integers();
            else if (_json.NameIs("string_values"u8)) texts = Texts();
            else _json.Skip();
        }
        _document.CategoricalFeatures.Add(feature);
        if (values is not null) _document.OneHotFeatures.Add(new OneHotFeature(feature.Index, values, texts));
    }

    private void ReadCtrFeature()
    {
        var feature = new CtrFeature(new CtrProjection([], [], []), CtrType.Borders, "", 0, 0, 1, 0, 1, []);
        if (!_json.BeginObject()) throw _json.Unexpected("a CTR");
        while (_json.NextName())
        {
            if (_json.NameIs("identifier"u8)) feature = feature with { TableKey = _json.Text() };
            else if (_json.NameIs("ctr_type"u8)) feature = feature with { Type = TypeOf(_json.Text()) };
            else if (_json.NameIs("elements"u8)) feature = feature with { Projection = Projection() };
            else if (_json.NameIs("target_border_idx"u8)) feature = feature with { TargetBorder = _json.Int32() };
            else if (_json.NameIs("prior_numerator"u8)) feature = feature with { PriorNumerator = (float)_json.Float64() };
            else if (_json.NameIs("prior_denomerator"u8)) feature = feature with { PriorDenominator = (float)_json.Float64() };
            else if (_json.NameIs("shift"u8)) feature = feature with { Shift = (float)_json.Float64() };
            else if (_json.NameIs("scale"u8)) feature = feature with { Scale = (float)_json.Float64() };
            else if (_json.NameIs("borders"u8)) feature = feature with { Borders = Floats() };
            else _json.Skip();
        }
        _document.CtrFeatures.Add(feature);
    }

    private CtrProjection Projection()
    {
        var (categories, floats, oneHots) = (new List<int>(), new List<FloatSplit>(), new List<OneHotSplit>());
        if (!_json.BeginArray()) return new CtrProjection([], [], []);
        while (_json.NextItem())
        {
            var (kind, feature, border, value) = ("", -1, 0f, 0);
            if (!_json.BeginObject()) throw _json.Unexpected("an element of a combination");
            while (_json.NextName())
            {
                if (_json.NameIs("combination_element"u8)) kind = _json.Text();
                else if (_json.NameIs("cat_feature_index"u8) || _json.NameIs("float_feature_index"u8)) feature = _json.Int32();
                else if (_json.NameIs("border"u8)) border = (float)_json.Float64();
                else if (_json.NameIs("value"u8)) value = _json.Int32();
                else _json.Skip();
            }
            switch (kind)
            {
                case "cat_feature_value": categories.Add(feature); break;
                case "float_feature": floats.Add(new FloatSplit(feature, border)); break;
                case "cat_feature_exact_value": oneHots.Add(new OneHotSplit(feature, value)); break;
                default: throw new ModelException($"CTR feature {_document.CtrFeatures.Count}: combination_element '{kind}' is not known");
            }
        }
        return new CtrProjection([.. categories], [.. floats], [.. oneHots]);
    }

    private void ReadCtrTables()
    {
        if (!_json.BeginObject()) return;
        while (_json.NextName())
        {
            var key = _json.Name;
            _document.CtrTables[key] = CtrTableJson.Read(ref _json, key, $"CTR table {_document.CtrTables.Count}");
        }
    }

    private void ReadSymmetricTrees()
    {
        _sawTrees = true;
        if (!_json.BeginArray()) return;
        while (_json.NextItem())
        {
            if (!_json.BeginObject()) throw _json.Unexpected("a tree");
            var (values, splits) = (_leafValues.Count, _splits.Count);
            while (_json.NextName())
            {
                if (_json.NameIs("leaf_values"u8)) _json.Numbers(_leafValues);
                else if (_json.NameIs("leaf_weights"u8)) _json.Numbers(_leafWeights);
                else if (_json.NameIs("splits"u8))
                {
                    if (!_json.BeginArray()) continue;
                    while (_json.NextItem()) ReadSplit();
                }
                else _json.Skip();
            }
            AddTree(_splits.Count - splits, _leafValues.Count - values, 1L << Math.Min(62, _splits.Count - splits));
        }
    }

    private void ReadTrees()
    {
        _sawTrees = true;
        if (!_json.BeginArray()) return;
        while (_json.NextItem())
        {
            var (values, nodes) = (_leafValues.Count, _nodes.Count);
            ReadNode(nodes);
            var leaves = 0;
            for (var i = nodes; i < _nodes.Count; i++) leaves += _nodes[i].IsLeaf ? 1 : 0;
            AddTree(_nodes.Count - nodes, _leafValues.Count - values, leaves);
        }
    }

    private readonly void AddTree(int splits, int values, long leaves)
    {
        var tree = _treeSizes.Count;
        if (values % leaves != 0 || values == 0) throw new ModelException($"tree {tree}: {values} values for {leaves} leaves");
        var dimensions = (int)(values / leaves);
        if (tree > 0 && dimensions != _document.Dimensions) throw new ModelException($"tree {tree}: leaves of {dimensions} values, those of the trees before have {_document.Dimensions}");
        _document.Dimensions = dimensions;
        _treeSizes.Add(splits);
    }

    /// <param name="first">The first node of the tree.</param>
    /// <returns>The number of the node in the tree.</returns>
    private int ReadNode(int first)
    {
        if (!_json.BeginObject()) throw _json.Unexpected("a node");
        var node = _nodes.Count;
        var (left, right, values, hasSplit) = (-1, -1, -1, false);
        _nodes.Add(default);
        _splits.Add(0);
        _splitKinds.Add(SplitKind.Leaf);
        while (_json.NextName())
        {
            if (_json.NameIs("left"u8)) left = ReadNode(first);
            else if (_json.NameIs("right"u8)) right = ReadNode(first);
            else if (_json.NameIs("value"u8))
            {
                values = _leafValues.Count;
                if (_json.Peek() == JsonTokenType.StartArray) _json.Numbers(_leafValues);
                else _leafValues.Add(_json.Float64());
            }
            else if (_json.NameIs("weight"u8)) _leafWeights.Add(_json.Float64());
            else if (_json.NameIs("split"u8))
            {
                ReadSplit();
                (_splits[node], _splitKinds[node]) = (_splits[^1], _splitKinds[^1]);
                _splits.RemoveAt(_splits.Count - 1);
                _splitKinds.RemoveAt(_splitKinds.Count - 1);
                hasSplit = true;
            }
            else _json.Skip();
        }
        var isLeaf = values >= 0;
        if (isLeaf == hasSplit || isLeaf != (left < 0) || isLeaf != (right < 0)) throw new ModelException($"tree {_treeSizes.Count}, node {node - first}: either a value, or a split with left and right expected");
        _nodes[node] = new StepNode(left, right, isLeaf ? (uint)values : uint.MaxValue);
        return node - first;
    }

    private void ReadSplit()
    {
        var (index, kind) = (-1, SplitKind.Leaf);
        if (!_json.BeginObject()) throw _json.Unexpected("a split");
        while (_json.NextName())
        {
            if (_json.NameIs("split_index"u8)) index = _json.Int32();
            else if (_json.NameIs("split_type"u8))
            {
                var text = _json.Text();
                kind = text switch
                {
                    "FloatFeature" => SplitKind.Float,
                    "OneHotFeature" => SplitKind.OneHot,
                    "OnlineCtr" => SplitKind.Ctr,
                    _ => throw new ModelException($"tree {_treeSizes.Count}: split_type '{text}' is not known"),
                };
            }
            else _json.Skip();
        }
        if (kind == SplitKind.Leaf) throw new ModelException($"tree {_treeSizes.Count}: a split without split_type");
        _splits.Add(index);
        _splitKinds.Add(kind);
    }

    /// <summary>A split's number must lie where features of its kind have theirs.</summary>
    private readonly void CheckSplitKinds()
    {
        long floats = _document.FloatFeatures.Sum(f => (long)f.Borders.Length);
        var categories = floats + _document.OneHotFeatures.Sum(f => (long)f.Values.Length);
        for (var i = 0; i < _splits.Count; i++)
        {
            if (_splitKinds[i] == SplitKind.Leaf) continue;
            var found = _splits[i] < 0 ? SplitKind.Leaf : _splits[i] < floats ? SplitKind.Float : _splits[i] < categories ? SplitKind.OneHot : SplitKind.Ctr;
            if (found != _splitKinds[i]) throw new ModelException($"split_index {_splits[i]} of a split by {_splitKinds[i]} feature: there are {floats} borders of numbers, then {categories - floats} one-hot values, then those of CTRs");
        }
    }

    /// <summary>The factor, and a number or an array of them.</summary>
    private void ReadScaleAndBias()
    {
        if (!_json.BeginArray()) return;
        var bias = new List<double>();
        for (var item = 0; _json.NextItem(); item++)
        {
            if (item == 0) _document.Scale = _json.Float64();
            else if (_json.Peek() is JsonTokenType.StartArray or JsonTokenType.Null) _json.Numbers(bias);
            else bias.Add(_json.Float64());
        }
        _document.Bias = [.. bias];
    }

    /// <summary>Names stand in feature_id, in older files in feature_name.</summary>
    private string NameOr(string name) => _json.Text() is { Length: > 0 } read ? read : name;

    private float[] Floats()
    {
        var values = new List<double>();
        _json.Numbers(values);
        return [.. values.Select(v => (float)v)];
    }

    private int[] Integers()
    {
        var values = new List<int>();
        if (!_json.BeginArray()) return [];
        while (_json.NextItem()) values.Add(_json.Int32());
        return [.. values];
    }

    private string[] Texts()
    {
        var values = new List<string>();
        if (!_json.BeginArray()) return [];
        while (_json.NextItem()) values.Add(_json.Text());
        return [.. values];
    }

    private static NanTreatment Nan(string text) => text switch
    {
        "AsIs" => NanTreatment.AsIs,
        "AsFalse" => NanTreatment.AsFalse,
        "AsTrue" => NanTreatment.AsTrue,
        _ => throw new ModelException($"nan_value_treatment '{text}' is not known"),
    };

    private static CtrType TypeOf(string text) => CtrTableJson.TypeOf(text) ?? throw new ModelException($"ctr_type '{text}' is not known");
}
