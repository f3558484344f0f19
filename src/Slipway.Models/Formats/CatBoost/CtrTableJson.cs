using System.Text.Json;
using Slipway.Core;
using Slipway.Models.Formats.Json;

namespace Slipway.Models.Formats.CatBoost;

/// <summary>An entry of <c>ctr_data</c>: in one array a hash (as text) and its counts, again and again.</summary>
internal static class CtrTableJson
{
    public static CtrTable Read(ref JsonCursor json, string key, string name)
    {
        var type = TypeOfKey(key) ?? throw new ModelException($"{name}: its key does not tell the type of CTR");
        var (hashes, counts) = (new List<ulong>(), new List<int>());
        var (stride, denominator) = (0, 0);
        if (!json.BeginObject()) throw json.Unexpected("a table");
        while (json.NextName())
        {
            if (json.NameIs("hash_map"u8)) ReadMap(ref json, type, hashes, counts, name);
            else if (json.NameIs("hash_stride"u8)) stride = json.Int32();
            else if (json.NameIs("counter_denominator"u8)) denominator = json.Int32();
            else json.Skip();
        }
        var width = stride - 1;
        if (counts.Count != (long)width * hashes.Count) throw new ModelException($"{name}: hash_stride is {stride}, but there are {counts.Count} counts for {hashes.Count} hashes");
        if (hashes.Count == 0) width = Math.Max(width, 1);
        var buckets = new int[hashes.Count];
        for (var i = 0; i < buckets.Length; i++) buckets[i] = i;
        return new CtrTable(name, [.. hashes], buckets, [.. counts], width, denominator);
    }

    public static CtrType? TypeOf(string? text) => text switch
    {
        "Borders" => CtrType.Borders,
        "Buckets" => CtrType.Buckets,
        "BinarizedTargetMeanValue" => CtrType.BinarizedTargetMeanValue,
        "FloatTargetMeanValue" => CtrType.FloatTargetMeanValue,
        "Counter" => CtrType.Counter,
        "FeatureFreq" => CtrType.FeatureFreq,
        _ => null,
    };

    /// <summary>Hashes are texts and counts numbers, so that they can be told apart before the stride is known.</summary>
    private static void ReadMap(ref JsonCursor json, CtrType type, List<ulong> hashes, List<int> counts, string name)
    {
        if (!json.BeginArray()) return;
        var isSum = false;
        while (json.NextItem())
        {
            if (json.Peek() == JsonTokenType.String)
            {
                hashes.Add(json.UInt64());
                isSum = type is CtrType.BinarizedTargetMeanValue or CtrType.FloatTargetMeanValue;
                continue;
            }
            if (hashes.Count == 0) throw new ModelException($"{name}: hash_map does not begin with a hash");
            var number = json.Float64();
            if (!isSum && number != (int)number) throw new ModelException($"{name}: a count of {number}");
            counts.Add(isSum ? BitConverter.SingleToInt32Bits((float)number) : (int)number);
            isSum = false;
        }
    }

    /// <summary>The key is JSON itself: <c>{"identifier":[…],"type":"Borders"}</c>.</summary>
    private static CtrType? TypeOfKey(string key)
    {
        try
        {
            using var document = JsonDocument.Parse(key);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? TypeOf(type.GetString()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
