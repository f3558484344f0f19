using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

internal enum ReductionKind
{
    Sum,
    Mean,
    Max,
    Min,
    Prod,
    L1,
    L2,
    SumSquare,
    LogSum,
    LogSumExp,
}

/// <summary>The Reduce operators, on <see cref="AxisReductions"/>. Integers wrap around; NaN is passed on; of nothing they give their neutral element, the mean NaN (of integers 0).</summary>
internal sealed class ReduceOperator(NodeInfo node, ReductionKind kind, bool axesAsInput) : FloatOperator
{
    private readonly ReductionAxes _axes = new(node, axesAsInput);

    public override void Infer(InferenceContext context) => _axes.Infer(context);

    protected override void Compute(RunContext context)
    {
        var x = context.Input(0);
        var y = context.Output(0);
        Span<bool> reduced = stackalloc bool[x.Rank];
        _axes.Mark(axesAsInput ? context.OptionalInput(1) : null, reduced);
        // without axes what is done with each element stays: squares, magnitudes, logarithms
        if (x.Rank > 0 && !reduced.Contains(true) && kind is not (ReductionKind.L1 or ReductionKind.L2 or ReductionKind.SumSquare or ReductionKind.LogSum))
        {
            x.Bytes.CopyTo(y.Bytes);
            return;
        }
        Span<int> axes = stackalloc int[x.Rank];
        var count = 0;
        for (var axis = 0; axis < x.Rank; axis++)
        {
            if (reduced[axis]) axes[count++] = axis;
        }
        if (context.State is not ReductionPlan plan) context.State = plan = new ReductionPlan();
        plan.Prepare(x.Shape, axes[..count]);
        if (plan.ResultCount != y.Count) throw new RecordException($"the reduction of {x.Type} has {plan.ResultCount} elements, its output {y.Count}");
        var function = new Function(kind, x, y, plan, context.Threads);
        if (x.Element != DataType.Bool)
        {
            NumberTypes.Run(x.Element, ref function);
            return;
        }
        function.Run<byte>();
        foreach (ref var flag in y.Values<byte>()) flag = Math.Min(flag, (byte)1);
    }

    private readonly ref struct Function(ReductionKind kind, TensorValue input, TensorValue output, ReductionPlan plan, int threads) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            ReadOnlySpan<T> x = input.Values<T>();
            var y = output.Values<T>();
            switch (kind)
            {
                case ReductionKind.Sum: AxisReductions.Sum(plan, x, y, threads); break;
                case ReductionKind.Mean: AxisReductions.Mean(plan, x, y, threads); break;
                case ReductionKind.Max: AxisReductions.Max(plan, x, y, threads); break;
                case ReductionKind.Min: AxisReductions.Min(plan, x, y, threads); break;
                case ReductionKind.Prod: AxisReductions.Prod(plan, x, y, threads); break;
                case ReductionKind.L1: AxisReductions.L1(plan, x, y, threads); break;
                case ReductionKind.L2: AxisReductions.L2(plan, x, y, threads); break;
                case ReductionKind.SumSquare: AxisReductions.SumSquare(plan, x, y, threads); break;
                case ReductionKind.LogSum: AxisReductions.LogSum(plan, x, y, threads); break;
                default: SumExponentials(x, y); break;
            }
        }

        private void SumExponentials<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, INumber<T>
        {
            if (typeof(T) == typeof(float)) LogSumExp.Run(plan, MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(y), threads);
            else if (typeof(T) == typeof(double)) LogSumExp.Run(plan, MemoryMarshal.Cast<T, double>(x), MemoryMarshal.Cast<T, double>(y), threads);
            else OfIntegers(x, y);
        }

        private void OfIntegers<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, INumber<T>
        {
            var (from, to) = (new double[x.Length], new double[y.Length]);
            for (var i = 0; i < from.Length; i++) from[i] = double.CreateTruncating(x[i]);
            LogSumExp.Run(plan, from, to, threads);
            for (var i = 0; i < to.Length; i++) y[i] = T.CreateTruncating(to[i]);
        }
    }
}
