namespace Slipway.Models.Formats.CatBoost;

/// <summary>How a CTR counts; the numbers are those of the binary format.</summary>
internal enum CtrType : byte
{
    /// <summary>Share of the rows whose target class is above a border.</summary>
    Borders,

    /// <summary>Share of the rows of a target class.</summary>
    Buckets,
    BinarizedTargetMeanValue,
    FloatTargetMeanValue,

    /// <summary>Share of all rows.</summary>
    Counter,
    FeatureFreq,
}

/// <summary>What of a row a CTR counts by: categories, and whether numbers are above borders and categories have values. Order matters.</summary>
/// <param name="Categories">Indices among the categorical features.</param>
/// <param name="FloatSplits">The index among the numbers, and the border.</param>
/// <param name="OneHotSplits">The index among the categorical features, and the hash.</param>
internal sealed record CtrProjection(int[] Categories, FloatSplit[] FloatSplits, OneHotSplit[] OneHotSplits)
{
    /// <summary>Equal for equal projections.</summary>
    public string Key { get; } = $"{string.Join(',', Categories)}|{string.Join(',', FloatSplits.Select(s => $"{s.Feature}:{BitConverter.SingleToInt32Bits(s.Border)}"))}|{string.Join(',', OneHotSplits.Select(s => $"{s.Feature}:{s.Value}"))}";
}

internal readonly record struct FloatSplit(int Feature, float Border);

internal readonly record struct OneHotSplit(int Feature, int Value);

/// <summary>A number made of categories: how the target was distributed, in training, over the rows of the same projection.</summary>
/// <param name="TableKey">Which table of the document counts for it.</param>
/// <param name="TargetBorder">Of <see cref="CtrType.Borders"/>: the last class below the border; of <see cref="CtrType.Buckets"/>: the class.</param>
internal sealed record CtrFeature(
    CtrProjection Projection, CtrType Type, string TableKey, int TargetBorder, float PriorNumerator, float PriorDenominator, float Shift, float Scale, float[] Borders)
{
    /// <summary>The value for a row, in float32 as CatBoost computes it.</summary>
    /// <param name="bucket">Of the row in <paramref name="table"/>; -1 when training had none like it.</param>
    public float Value(CtrTable table, int bucket)
    {
        if (Type is CtrType.Counter or CtrType.FeatureFreq) return Value(bucket < 0 ? 0 : table.Of(bucket, 1)[0], table.Denominator);
        if (bucket < 0) return Value(0, 0);
        switch (Type)
        {
            case CtrType.BinarizedTargetMeanValue or CtrType.FloatTargetMeanValue:
                var mean = table.Of(bucket, 2);
                return Value(BitConverter.Int32BitsToSingle(mean[0]), mean[1]);
            case CtrType.Buckets:
                var classes = table.Of(bucket, table.Width);
                return Value(classes[TargetBorder], Sum(classes));
            default:
                var counts = table.Of(bucket, table.Width);
                return table.Width == 2 ? Value(counts[1], counts[0] + counts[1]) : Value(Sum(counts[(TargetBorder + 1)..]), Sum(counts));
        }
    }

    private float Value(float count, float total) => (((count + PriorNumerator) / (total + PriorDenominator)) + Shift) * Scale;

    private static int Sum(ReadOnlySpan<int> counts)
    {
        var sum = 0;
        foreach (var count in counts) sum += count;
        return sum;
    }
}
