using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// The Reduce operators. Elements are taken in row-major order, one after another; floats are accumulated in float64 and rounded once, so a result depends on nothing else.
/// </summary>
internal sealed class ReduceOperator<TReduction>(NodeInfo node, bool axesAsInput) : FloatOperator where TReduction : IReduction
{
    private readonly ReductionAxes _axes = new(node, axesAsInput);

    public override void Infer(InferenceContext context) => _axes.Infer(context);

    protected override void Compute(RunContext context)
    {
        var x = context.Input(0);
        var y = context.Output(0);
        Span<bool> reduced = stackalloc bool[x.Rank];
        _axes.Mark(axesAsInput ? context.OptionalInput(1) : null, reduced);
        if (x.Rank > 0 && !reduced.Contains(true)) x.Bytes.CopyTo(y.Bytes);
        else Reduce(x, y, reduced);
    }

    private static void Reduce(TensorValue x, TensorValue y, ReadOnlySpan<bool> reduced)
    {
        var walk = new ReductionWalk(x.Shape, reduced, stackalloc int[4 * x.Rank]);
        if (y.Count != walk.KeptCount) throw new RecordException($"the reduction of {x.Type} has {walk.KeptCount} elements, its output {y.Count}");
        switch (x.Element)
        {
            case DataType.Float32:
                Reduce<float, double>(x.Values<float>(), y.Values<float>(), walk);
                break;
            case DataType.Float64:
                Reduce<double, double>(x.Values<double>(), y.Values<double>(), walk);
                break;
            case DataType.Bool:
                Reduce<byte, byte>(x.Values<byte>(), y.Values<byte>(), walk);
                foreach (ref var flag in y.Values<byte>()) flag = Math.Min(flag, (byte)1);
                break;
            default:
                var function = new Function(x, y, walk);
                NumberTypes.Run(x.Element, ref function);
                break;
        }
    }

    private static void Reduce<T, TRunning>(ReadOnlySpan<T> x, Span<T> y, in ReductionWalk walk)
        where T : unmanaged, INumber<T>
        where TRunning : unmanaged, INumber<TRunning>, IMinMaxValue<TRunning>
    {
        for (var output = 0; output < y.Length; output++)
        {
            var running = TReduction.Begin<TRunning>();
            var start = walk.Start(output);
            for (var run = 0; run < walk.Runs; run++)
            {
                var from = start + walk.RunStart(run);
                for (var i = 0; i < walk.RunLength; i++, from += walk.RunStep) TReduction.Next(ref running, TRunning.CreateTruncating(x[from]));
            }
            y[output] = T.CreateTruncating(TReduction.End(running, walk.ReducedCount));
        }
    }

    private readonly ref struct Function(TensorValue x, TensorValue y, ReductionWalk walk) : INumberFunction
    {
        private readonly ReductionWalk _walk = walk;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => Reduce<T, T>(x.Values<T>(), y.Values<T>(), _walk);
    }
}
