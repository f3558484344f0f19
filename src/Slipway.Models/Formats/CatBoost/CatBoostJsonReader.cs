using System.Text.Json;
using Slipway.Core;
using Slipway.Models.Formats.Json;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>Reads what <c>save_model(format="json")</c> writes. Keys that are not needed are passed over.</summary>
internal ref partial struct CatBoostJsonReader
{
    /// <summary>A level of a tree is a level of the document; CatBoost grows no trees of more than 64 levels.</summary>
    private const int MaxDepth = 256;

    private readonly CatBoostDocument _document = new();
    private readonly List<int> _splits = [];
    private readonly List<SplitKind> _splitKinds = [];
    private readonly List<int> _treeSizes = [];
    private readonly List<StepNode> _nodes = [];
    private readonly List<double> _leafValues = [];
    private readonly List<double> _leafWeights = [];
    private JsonCursor _json;
    private bool _sawTrees;

    private CatBoostJsonReader(ReadOnlySpan<byte> json) => _json = new JsonCursor(json, MaxDepth);

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

    private void ReadCtrTables()
    {
        if (!_json.BeginObject()) return;
        while (_json.NextName())
        {
            var key = _json.Name;
            _document.CtrTables[key] = CtrTableJson.Read(ref _json, key, $"CTR table {_document.CtrTables.Count}");
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
}
