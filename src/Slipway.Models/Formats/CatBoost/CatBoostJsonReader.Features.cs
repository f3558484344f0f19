using Slipway.Core;

namespace Slipway.Models.Formats.CatBoost;

/// <content>What trees split by.</content>
internal ref partial struct CatBoostJsonReader
{
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
