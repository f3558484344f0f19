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
        var best = new BestFirst(count);
        var taken = new List<Corners>();
        for (var batch = 0; batch < batches && limit > 0; batch++)
        {
            var own = boxes.Slice(batch * count * 4, count * 4);
            for (var c = 0; c < classes; c++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var candidates = scores.Slice((batch * classes + c) * count, count);
                best.Fill(candidates, isFiltered, least);
                taken.Clear();
                while (taken.Count < limit && best.Next(candidates) is >= 0 and var box)
                {
                    var corners = CornersOf(own.Slice(box * 4, 4));
                    if (IsSuppressed(corners, taken, overlap)) continue;
                    taken.Add(corners);
                    found.AddRange(batch, c, box);
                }
            }
        }
        var target = context.Allocate(0, DataType.Int64, found.Count / 3, 3).Values<long>();
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(found).CopyTo(target);
    }

    private static bool IsSuppressed(in Corners box, List<Corners> taken, float overlap)
    {
        foreach (ref readonly var other in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(taken))
        {
            if (Overlap(box, other) > overlap) return true;
        }
        return false;
    }

    /// <summary>Intersection over union; 0 for boxes without an area.</summary>
    private static float Overlap(in Corners a, in Corners b)
    {
        var width = Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left);
        var height = Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top);
        if (width <= 0 || height <= 0) return 0;
        var both = width * height;
        var first = (a.Right - a.Left) * (a.Bottom - a.Top);
        var second = (b.Right - b.Left) * (b.Bottom - b.Top);
        var union = first + second - both;
        return first <= 0 || second <= 0 || union <= 0 ? 0 : both / union;
    }

    private Corners CornersOf(ReadOnlySpan<float> box)
    {
        if (_isCentered) return new(box[0] - box[2] / 2, box[1] - box[3] / 2, box[0] + box[2] / 2, box[1] + box[3] / 2);
        return new(Math.Min(box[1], box[3]), Math.Min(box[0], box[2]), Math.Max(box[1], box[3]), Math.Max(box[0], box[2]));
    }

    private readonly record struct Corners(float Left, float Top, float Right, float Bottom);

    /// <summary>Boxes by their scores, best first, of equal ones the first: a heap, since often few of many are wanted.</summary>
    private sealed class BestFirst(int most)
    {
        private readonly int[] _boxes = new int[most];
        private int _count;

        /// <summary>The boxes whose score is above the threshold.</summary>
        public void Fill(ReadOnlySpan<float> scores, bool isFiltered, float least)
        {
            _count = 0;
            for (var i = 0; i < scores.Length; i++)
            {
                if (!isFiltered || scores[i] > least) _boxes[_count++] = i;
            }
            for (var i = (_count / 2) - 1; i >= 0; i--) Sink(scores, i);
        }

        /// <summary>Takes the best; -1 when none is left.</summary>
        public int Next(ReadOnlySpan<float> scores)
        {
            if (_count == 0) return -1;
            var box = _boxes[0];
            _boxes[0] = _boxes[--_count];
            Sink(scores, 0);
            return box;
        }

        private void Sink(ReadOnlySpan<float> scores, int place)
        {
            while ((2 * place) + 1 is var child && child < _count)
            {
                if (child + 1 < _count && IsBefore(scores, _boxes[child + 1], _boxes[child])) child++;
                if (!IsBefore(scores, _boxes[child], _boxes[place])) return;
                (_boxes[place], _boxes[child]) = (_boxes[child], _boxes[place]);
                place = child;
            }
        }

        private static bool IsBefore(ReadOnlySpan<float> scores, int a, int b)
        {
            var (first, second) = (scores[a], scores[b]);
            if (first != second && (!float.IsNaN(first) || !float.IsNaN(second))) return first > second || float.IsNaN(second);
            return a < b;
        }
    }
}
