using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Pipelines.Connectors;

/// <summary>A value of the watermark column, exactly.</summary>
/// <param name="Type"><c>integer</c>, <c>real</c> or <c>text</c>: as what the value is given back to the database.</param>
internal sealed record WatermarkValue(string Type, string Value);

/// <summary>What of a table source was acted on: all rows below the watermark, and of those at it, the ones whose fingerprints are here.</summary>
internal sealed record TablePosition(WatermarkValue Watermark, ImmutableArray<string> Taken)
{
    /// <exception cref="SlipwayException">The text is no position of a table source.</exception>
    public static TablePosition? Parse(string? json)
    {
        if (json is null) return null;
        try
        {
            if (JsonSerializer.Deserialize(json, PositionJson.Default.TablePosition) is { Watermark: not null, Taken.IsDefault: false } position) return position;
        }
        catch (JsonException)
        {
            // Answered below, as for JSON of another shape.
        }
        throw new SlipwayException($"the remembered position is not one of a table source: {json}");
    }

    public override string ToString() => JsonSerializer.Serialize(this, PositionJson.Default.TablePosition);
}

/// <summary>
/// Keeps rows apart that share a watermark: reading goes on at the last watermark, not after it, so that rows which come to it later are seen;
/// those taken before are recognised by their content. Of rows that are equal in everything, as many are passed over as were taken.
/// </summary>
internal sealed class WatermarkTies
{
    private const int MaxTies = 10_000;

    private readonly string _column;
    private readonly WatermarkValue? _first;
    private readonly Dictionary<string, int> _before = [];
    private readonly List<string> _taken = [];
    private WatermarkValue? _last;

    public WatermarkTies(string column, TablePosition? before)
    {
        _column = column;
        if (before is null) return;
        _first = _last = before.Watermark;
        _taken.AddRange(before.Taken);
        foreach (var print in before.Taken) _before[print] = _before.GetValueOrDefault(print) + 1;
    }

    /// <summary>Rows taken at the last watermark.</summary>
    public int Count => _taken.Count;

    public TablePosition Position => new(_last!, [.. _taken]);

    /// <summary>Takes a row; false when it was taken before.</summary>
    /// <exception cref="SlipwayException">Too many rows share the watermark to be remembered one by one.</exception>
    public bool Add(WatermarkValue watermark, ReadOnlySpan<byte> row)
    {
        var print = Convert.ToHexStringLower(SHA256.HashData(row).AsSpan(0, 8));
        if (watermark == _first && _before.GetValueOrDefault(print) is var known and > 0)
        {
            _before[print] = known - 1;
            return false;
        }
        if (watermark != _last) _taken.Clear();
        _last = watermark;
        if (_taken.Count == MaxTies) throw new SlipwayException($"more than {MaxTies} rows share {_column} = {watermark.Value}; choose a finer watermark column, such as an id");
        _taken.Add(print);
        return true;
    }
}
