using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>CDist: the euclidean distances, or their squares, of all rows of [m, k] to all rows of [n, k].</summary>
internal sealed class PairDistance : FloatOperator
{
    private readonly bool _isSquared;

    public PairDistance(NodeInfo node)
    {
        var metric = node.Text("metric", "sqeuclidean");
        if (metric is not ("euclidean" or "sqeuclidean")) throw node.Unsupported($"metric '{metric}'; there are euclidean and sqeuclidean");
        _isSquared = metric == "sqeuclidean";
    }

    public override void Infer(InferenceContext context)
    {
        var (a, b) = (context.Shape(0), context.Shape(1));
        if (a is { Rank: not 2 } || b is { Rank: not 2 } || (a is not null && b is not null && a[1] >= 0 && b[1] >= 0 && a[1] != b[1])) throw new ModelException($"rows of one length are expected, {a} and {b} are given");
        context.SetOutput(0, context.Element(0), a?[0] ?? context.NewSymbol(), b?[0] ?? context.NewSymbol());
    }

    protected override void Compute(RunContext context)
    {
        switch (context.Input(0).Element)
        {
            case DataType.Float32: Run<float>(context); break;
            case DataType.Float64: Run<double>(context); break;
            default: throw new RecordException($"floats are expected, {context.Input(0).Type} is given");
        }
    }

    private void Run<T>(RunContext context) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (a, b) = (context.Input(0), context.Input(1));
        var size = (int)a[1];
        if (b[1] != size || a.Element != b.Element) throw new RecordException($"rows of one length are expected, {a.Type} and {b.Type} are given");
        ReadOnlySpan<T> left = a.Values<T>(), right = b.Values<T>();
        var y = context.Output(0).Values<T>();
        for (var i = 0; i < y.Length; i++)
        {
            var (row, other) = Math.DivRem(i, (int)b[0]);
            ReadOnlySpan<T> p = left.Slice(row * size, size), q = right.Slice(other * size, size);
            double sum = 0;
            for (var k = 0; k < size; k++)
            {
                var distance = double.CreateTruncating(p[k]) - double.CreateTruncating(q[k]);
                sum += distance * distance;
            }
            y[i] = T.CreateTruncating(_isSquared ? sum : Math.Sqrt(sum));
        }
    }
}
