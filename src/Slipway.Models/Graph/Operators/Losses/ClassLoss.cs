using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// NegativeLogLikelihoodLoss (ai.onnx 12) of logarithms of probabilities [n, c, …], and SoftmaxCrossEntropyLoss (12) of scores, whose logarithms of probabilities it also gives:
/// minus the logarithm of the labelled class, times the weight of the class; the mean is by weights. Labels equal to <c>ignore_index</c> count for nothing.
/// </summary>
internal sealed class ClassLoss(NodeInfo node) : NormalizationOperator
{
    private readonly LossReduction _reduction = LossReductions.Read(node);
    private readonly long? _ignored = node.Has("ignore_index") ? node.Int("ignore_index") : null;
    private readonly bool _fromScores = node.Operator == "SoftmaxCrossEntropyLoss";

    public override void Infer(InferenceContext context)
    {
        var scores = context.Shape(0);
        if (scores is { Rank: < 2 }) throw new ModelException($"scores [n, c, …] are expected, {scores} is given");
        var labels = scores is null ? context.Shape(1) : new Shape(scores.Dimensions.RemoveAt(1));
        if (labels is not null && context.Shape(1) is { } given)
        {
            if (given.Rank != labels.Rank) throw new ModelException($"labels {labels} are expected, {given} is given");
            for (var i = 0; i < given.Rank; i++)
            {
                if (given[i] >= 0 && labels[i] >= 0 && given[i] != labels[i]) throw new ModelException($"labels {labels} are expected, {given} is given");
            }
        }
        context.SetOutput(0, context.Element(0), _reduction == LossReduction.None ? labels : Shape.Scalar);
        context.SetOutput(1, context.Element(0), scores);
    }

    protected override long ComputeScratchBytes(RunContext context) => _fromScores && !context.HasOutput(1) ? (long)context.Input(0).Count * context.Input(0).Element.Width : 0;

    protected override void Run<T>(RunContext context)
    {
        var scores = context.Input(0);
        var labels = context.Input(1);
        var weights = context.OptionalInput(2);
        var layout = AxisLayout.Of(scores.Shape, 1);
        if (labels.Count != layout.Outer * layout.Inner) throw new RecordException($"{layout.Outer * layout.Inner} labels are expected for {scores.Type}, {labels.Type} is given");
        if (weights is not null && weights.Count != layout.Size) throw new RecordException($"{layout.Size} weights are expected, one for each class; {weights.Type} is given");
        ReadOnlySpan<T> logs = scores.Values<T>();
        if (_fromScores)
        {
            var to = context.HasOutput(1) ? context.Output(1).Values<T>() : MemoryMarshal.Cast<byte, T>(context.Scratch)[..scores.Count];
            LogProbabilities(logs, to, layout);
            logs = to;
        }
        var losses = _reduction == LossReduction.None && context.HasOutput(0) ? context.Output(0).Values<T>() : default;
        double sum = 0, weight = 0;
        for (var i = 0; i < labels.Count; i++)
        {
            var label = labels.IntAt(i);
            double loss = 0;
            if (label != _ignored)
            {
                if ((ulong)label >= (ulong)layout.Size) throw new RecordException($"label {label} is outside of {layout.Size} classes");
                var own = weights?.NumberAt((int)label) ?? 1;
                loss = -own * double.CreateTruncating(logs[(i / layout.Inner * layout.Size + (int)label) * layout.Inner + i % layout.Inner]);
                weight += own;
                sum += loss;
            }
            if (!losses.IsEmpty) losses[i] = T.CreateTruncating(loss);
        }
        if (_reduction != LossReduction.None && context.HasOutput(0)) context.Output(0).Values<T>()[0] = T.CreateTruncating(_reduction == LossReduction.Sum ? sum : sum / weight);
    }

    private static void LogProbabilities<T>(ReadOnlySpan<T> x, Span<T> y, AxisLayout layout) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var line = 0; line < layout.Outer * layout.Inner; line++)
        {
            var start = line / layout.Inner * layout.Size * layout.Inner + line % layout.Inner;
            var greatest = double.NegativeInfinity;
            double sum = 0;
            for (var k = 0; k < layout.Size; k++) greatest = Math.Max(greatest, double.CreateTruncating(x[start + k * layout.Inner]));
            for (var k = 0; k < layout.Size; k++) sum += Math.Exp(double.CreateTruncating(x[start + k * layout.Inner]) - greatest);
            var shift = greatest + Math.Log(sum);
            for (var k = 0; k < layout.Size; k++) y[start + k * layout.Inner] = T.CreateTruncating(double.CreateTruncating(x[start + k * layout.Inner]) - shift);
        }
    }
}
