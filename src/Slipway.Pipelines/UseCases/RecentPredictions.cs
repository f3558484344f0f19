using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Pipelines.UseCases;

/// <summary>One row of the live view.</summary>
/// <param name="Keys">JSON object: the first columns of the source that the model does not use (an id, a place, a time), or else its first inputs.</param>
/// <param name="Outputs">JSON object: the model's outputs.</param>
public sealed record RecentPrediction(DateTimeOffset Time, int Version, string Keys, string Outputs);

/// <summary>The last rows answered. Thread-safe; at most <see cref="Capacity"/> rows of a batch cost anything.</summary>
internal sealed class RecentPredictions
{
    public const int Capacity = 50;

    private const int MostKeys = 4;

    private readonly Lock _lock = new();
    private readonly RecentPrediction[] _ring = new RecentPrediction[Capacity];
    private long _count;

    /// <summary>Which columns the live view shows in front of the outputs.</summary>
    public static ImmutableArray<string> KeysOf(BoundUseCase useCase)
    {
        var inputs = useCase.Signature.InputColumns.ToHashSet(StringComparer.Ordinal);
        var shown = useCase.Source.Names.Where(name => useCase.Outputs.Schema.Find(name) is null).ToArray();
        var keys = shown.Where(name => !inputs.Contains(name)).Take(MostKeys).ToImmutableArray();
        return keys.IsEmpty ? [.. shown.Take(MostKeys)] : keys;
    }

    public void Add(Answer answer, ImmutableArray<string> keys, TableSchema outputs, DateTimeOffset time)
    {
        var rows = answer.Origins.Length;
        for (var row = Math.Max(0, rows - Capacity); row < rows; row++)
        {
            var shown = new RecentPrediction(time, answer.Version, RowJson.Of(answer.Acted, row, keys), RowJson.Of(answer.Outputs, row, outputs.Names));
            lock (_lock) _ring[_count++ % Capacity] = shown;
        }
    }

    public RecentPrediction? Last
    {
        get
        {
            lock (_lock) return _count == 0 ? null : _ring[(_count - 1) % Capacity];
        }
    }

    /// <summary>Newest first.</summary>
    public ImmutableArray<RecentPrediction> Read()
    {
        lock (_lock)
        {
            var shown = ImmutableArray.CreateBuilder<RecentPrediction>((int)Math.Min(_count, Capacity));
            for (var i = 1; i <= shown.Capacity; i++) shown.Add(_ring[(_count - i) % Capacity]);
            return shown.MoveToImmutable();
        }
    }
}
