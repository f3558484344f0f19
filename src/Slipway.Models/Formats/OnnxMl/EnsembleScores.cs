using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>How an ensemble's operator makes scores (and a class) of its aggregates.</summary>
internal sealed record EnsembleScores
{
    public required bool IsClassifier { get; init; }

    /// <summary>Targets or classes.</summary>
    public required int Targets { get; init; }

    public required AggregateFunction Function { get; init; }

    public required PostTransform Transform { get; init; }

    /// <summary>Added to the aggregates; what is added before is not here.</summary>
    public double[] Base { get; init; } = [];

    public int Trees { get; init; }

    /// <summary>Of a classifier, numbers or texts.</summary>
    public long[] Labels { get; init; } = [];

    public ImmutableArray<string> TextLabels { get; init; } = [];

    /// <summary>Two classes, and all weights are for one of them.</summary>
    public bool IsBinary { get; init; }

    public bool WeightsAreAllPositive { get; init; }

    /// <summary>Aggregates are float32.</summary>
    public required bool InSingle { get; init; }

    public required ElementType ScoreType { get; init; }

    /// <summary>Which targets every row has a weight for; null when that differs, and rows of aggregates tell it.</summary>
    public bool[]? HasWeight { get; init; }

    public bool HasTextLabels => !TextLabels.IsEmpty;

    /// <param name="aggregates">A row has one value for each target, or two: see <see cref="LeafAggregation"/>.</param>
    /// <param name="scores">As many values a row as there are targets.</param>
    /// <param name="labels">Of a classifier: the label of every row, or with texts its index; else empty.</param>
    public void Finish(Tensor aggregates, Tensor scores, Span<long> labels)
    {
        if (aggregates.Type == ElementType.Float32) Finish<float>(aggregates.Values<float>(), scores, labels);
        else Finish<double>(aggregates.Values<double>(), scores, labels);
    }

    private void Finish<TFrom>(ReadOnlySpan<TFrom> aggregates, Tensor scores, Span<long> labels)
        where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
    {
        if (ScoreType == ElementType.Float32) Finish(aggregates, scores.Values<float>(), labels);
        else Finish(aggregates, scores.Values<double>(), labels);
    }

    /// <inheritdoc cref="Finish(Tensor, Tensor, Span{long})"/>
    public void Finish<TFrom, TScore>(ReadOnlySpan<TFrom> aggregates, Span<TScore> scores, Span<long> labels)
        where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
        where TScore : unmanaged, IBinaryFloatingPointIeee754<TScore>
    {
        if (InSingle) Finish<TFrom, float, TScore>(aggregates, scores, labels);
        else Finish<TFrom, double, TScore>(aggregates, scores, labels);
    }

    /// <typeparam name="T">What is computed in.</typeparam>
    private void Finish<TFrom, T, TScore>(ReadOnlySpan<TFrom> aggregates, Span<TScore> scores, Span<long> labels)
        where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TScore : unmanaged, IBinaryFloatingPointIeee754<TScore>
    {
        var rows = scores.Length / Targets;
        if (rows == 0) return;
        var width = aggregates.Length / rows;
        var buffer = ArrayPool<T>.Shared.Rent(Targets);
        var flags = ArrayPool<bool>.Shared.Rent(Targets);
        var values = buffer.AsSpan(0, Targets);
        var has = flags.AsSpan(0, Targets);
        for (var row = 0; row < rows; row++)
        {
            Load(aggregates.Slice(row * width, width), values, has);
            var finished = scores.Slice(row * Targets, Targets);
            finished.Clear();
            if (IsClassifier) labels[row] = Classify(values, has, finished);
            else Regress(values, has, finished);
        }
        ArrayPool<T>.Shared.Return(buffer);
        ArrayPool<bool>.Shared.Return(flags);
    }

    private void Load<TFrom, T>(ReadOnlySpan<TFrom> row, Span<T> values, Span<bool> has)
        where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = T.CreateTruncating(row[i]);
            has[i] = HasWeight is null ? row[values.Length + i] != TFrom.Zero : HasWeight[i];
        }
    }

    private void Regress<T, TScore>(Span<T> values, ReadOnlySpan<bool> has, Span<TScore> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TScore : unmanaged, IBinaryFloatingPointIeee754<TScore>
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (Function == AggregateFunction.Average) values[i] /= T.CreateTruncating(Trees);
            if (Base.Length > 0) values[i] += T.CreateTruncating(Base[i]);
        }
        if (Targets > 1) Write<T, TScore>(values, has, scores, -1);
        else scores[0] = Transform == PostTransform.Probit ? Probit(TScore.CreateTruncating(values[0])) : TScore.CreateTruncating(values[0]);
    }

    /// <summary>The special cases for two classes are ONNX Runtime's: the standard does not say them.</summary>
    /// <returns>A label, or with texts its index.</returns>
    private long Classify<T, TScore>(Span<T> values, Span<bool> has, Span<TScore> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TScore : unmanaged, IBinaryFloatingPointIeee754<TScore>
    {
        if (Targets > 2)
        {
            for (var i = 0; i < Base.Length; i++)
            {
                values[i] += T.CreateTruncating(Base[i]);
                has[i] = true;
            }
            var best = -1;
            for (var i = 0; i < values.Length; i++)
            {
                if (has[i] && (best < 0 || values[i] > values[best])) best = i;
            }
            Write<T, TScore>(values, has, scores, -1);
            return LabelOf(Math.Max(best, 0));
        }
        if (Targets == 1)
        {
            if (Base.Length > 0) values[0] += T.CreateTruncating(Base[0]);
            var only = ClassOfTwo(values[0], out var writeOnly);
            Write<T, TScore>(values, has, scores, writeOnly);
            return only;
        }
        var (count, write) = (2, -1);
        if (Base.Length == 2 && has[1])
        {
            values[1] = T.CreateTruncating(Base[1]) + values[0];
            values[0] = -values[1];
        }
        else if (Base.Length == 2)
        {
            values[1] += T.CreateTruncating(Base[1]);
            values[0] += T.CreateTruncating(Base[0]);
        }
        else
        {
            if (Base.Length == 1) values[0] += T.CreateTruncating(Base[0]);
            else write = 3;
            if (!has[1]) count = 1;
        }
        var label = ClassOfTwo(has[1] ? values[1] : has[0] ? values[0] : T.Zero, out var decided);
        if (decided >= 0) write = decided;
        Write<T, TScore>(values[..count], has, scores, write);
        return label;
    }

    private long ClassOfTwo<T>(T weight, out int write)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        write = -1;
        if (!IsBinary) return weight > T.Zero ? 1 : 0;
        var isSecond = weight > (WeightsAreAllPositive ? T.CreateTruncating(0.5) : T.Zero);
        write = (WeightsAreAllPositive, isSecond) switch { (true, true) => 0, (true, false) => 1, (false, true) => 2, _ => 3 };
        return LabelOf(isSecond ? 1 : 0);
    }

    private long LabelOf(int index) => HasTextLabels ? index : Labels[index];

    /// <summary>What had no weight is 0, whatever its base value.</summary>
    /// <param name="secondClass">How a single score becomes two: 0 and 1 as a probability, 2 and 3 as a margin; -1 not at all.</param>
    private void Write<T, TScore>(ReadOnlySpan<T> values, ReadOnlySpan<bool> has, Span<TScore> scores, int secondClass)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TScore : unmanaged, IBinaryFloatingPointIeee754<TScore>
    {
        for (var i = 0; i < values.Length; i++) scores[i] = has[i] ? TScore.CreateTruncating(values[i]) : TScore.Zero;
        if (values.Length > 1)
        {
            switch (Transform)
            {
                case PostTransform.Probit:
                    foreach (ref var score in scores) score = Probit(score);
                    break;
                case PostTransform.Logistic:
                    foreach (ref var score in scores) score = Logistic(score);
                    break;
                case PostTransform.Softmax: PostTransforms.Softmax(scores); break;
                case PostTransform.SoftmaxZero: PostTransforms.SoftmaxZero(scores); break;
            }
            return;
        }
        var value = scores[0];
        if (Transform == PostTransform.Probit) scores[0] = Probit(value);
        else if (secondClass >= 0 && scores.Length > 1)
        {
            if (Transform == PostTransform.Logistic) (scores[0], scores[1]) = (Logistic(-value), Logistic(value));
            else (scores[0], scores[1]) = secondClass < 2 ? (TScore.CreateTruncating(T.One - values[0]), value) : (-value, value);
        }
    }

    private static T Logistic<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.CreateTruncating(PostTransforms.Logistic(float.CreateTruncating(value)));

    private static T Probit<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.CreateTruncating(PostTransforms.Probit(float.CreateTruncating(value)));
}
