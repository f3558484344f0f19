using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// NonMaxSuppression: of boxes [batch, n, 4] and their scores [batch, classes, n], takes for each class the best and drops those that overlap one already taken; gives [m, 3] of batch, class and box (ai.onnx 10, 11).
/// </summary>
internal sealed class NonMaxSuppression(NodeInfo node) : Operator
{
    private readonly bool _isCentered = node.Int("center_point_box", 0) switch
    {
        0 => false,
        1 => true,
        var other => throw node.Wrong($"attribute 'center_point_box' is {other}, only 0 and 1 are known"),
    };

    public override void Infer(InferenceContext context)
    {
        if (context.ShapeOfRank(0, 3) is { } boxes && context.ShapeOfRank(1, 3) is { } scores)
        {
            if (boxes[2] >= 0 && boxes[2] != 4) throw new ModelException($"boxes must have four coordinates, their shape is {boxes}");
            if (boxes.IsConcrete && scores.IsConcrete && (boxes[0] != scores[0] || boxes[1] != scores[2])) throw new ModelException($"boxes {boxes} and scores {scores} do not fit");
        }
        context.SetOutput(0, DataType.Int64, context.NewSymbol(), 3);
    }

    public override void Run(RunContext context)
    {
        var boxes = context.Input(0).Values<float>();
        var scores = context.Input(1).Values<float>();
        var limit = context.OptionalInput(2) is { Count: > 0 } most ? most.IntAt(0) : 0;
        var overlap = context.OptionalInput(3) is { Count: > 0 } iou ? (float)iou.NumberAt(0) : 0;
        var least = context.OptionalInput(4) is { Count: > 0 } threshold ? (float)threshold.NumberAt(0) : float.NegativeInfinity;
        var isFiltered = context.OptionalInput(4) is { Count: > 0 };
        if (overlap is not (>= 0 and <= 1)) throw new RecordException($"an overlap of {overlap} is given, it must be from 0 to 1");
        var (batches, classes, count) = ((int)context.Input(1)[0], (int)context.Input(1)[1], (int)context.Input(1)[2]);
        var found = new List<long>();
        var order = new int[count];
        var taken = new List<int>();
        for (var batch = 0; batch < batches && limit > 0; batch++)
        {
            var own = boxes.Slice(batch * count * 4, count * 4);
            for (var c = 0; c < classes; c++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var candidates = Candidates(scores.Slice((batch * classes + c) * count, count), isFiltered, least, order);
                taken.Clear();
                for (var i = 0; i < candidates && taken.Count < limit; i++)
                {
                    if (IsSuppressed(own, order[i], taken, overlap)) continue;
                    taken.Add(order[i]);
                    found.AddRange(batch, c, order[i]);
                }
            }
        }
        var target = context.Allocate(0, DataType.Int64, found.Count / 3, 3).Values<long>();
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(found).CopyTo(target);
    }

    /// <summary>The boxes whose score is above the threshold, best first, of equal ones the first.</summary>
    private static int Candidates(ReadOnlySpan<float> scores, bool isFiltered, float least, Span<int> order)
    {
        LaneHeap.Select<float, HighestScore>(scores, 1, scores.Length, order);
        if (!isFiltered) return order.Length;
        var count = 0;
        while (count < order.Length && scores[order[count]] > least) count++;
        return count;
    }

    private bool IsSuppressed(ReadOnlySpan<float> boxes, int box, List<int> taken, float overlap)
    {
        foreach (var other in taken)
        {
            if (Overlap(boxes.Slice(box * 4, 4), boxes.Slice(other * 4, 4)) > overlap) return true;
        }
        return false;
    }

    /// <summary>Intersection over union; 0 for boxes without an area.</summary>
    private float Overlap(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (aLeft, aTop, aRight, aBottom) = Corners(a);
        var (bLeft, bTop, bRight, bBottom) = Corners(b);
        var width = Math.Min(aRight, bRight) - Math.Max(aLeft, bLeft);
        var height = Math.Min(aBottom, bBottom) - Math.Max(aTop, bTop);
        if (width <= 0 || height <= 0) return 0;
        var both = width * height;
        var first = (aRight - aLeft) * (aBottom - aTop);
        var second = (bRight - bLeft) * (bBottom - bTop);
        var union = first + second - both;
        return first <= 0 || second <= 0 || union <= 0 ? 0 : both / union;
    }

    private (float Left, float Top, float Right, float Bottom) Corners(ReadOnlySpan<float> box)
    {
        if (_isCentered) return (box[0] - box[2] / 2, box[1] - box[3] / 2, box[0] + box[2] / 2, box[1] + box[3] / 2);
        return (Math.Min(box[1], box[3]), Math.Min(box[0], box[2]), Math.Max(box[1], box[3]), Math.Max(box[0], box[2]));
    }

    private readonly struct HighestScore : IRank
    {
        public static bool IsBefore<T>(T a, T b) where T : System.Numerics.INumber<T> => a > b || (T.IsNaN(b) && !T.IsNaN(a));
    }
}
