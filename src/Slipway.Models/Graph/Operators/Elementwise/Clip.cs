using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Clip: elements below min become min, above max become max (also when min is above max); NaN stays. Limits are attributes before operator set 11, scalars after.</summary>
internal sealed class Clip(NodeInfo node) : ElementwiseOperator
{
    private readonly bool _byAttribute = node.Version < 11;
    private readonly float _min = node.Version < 11 ? node.Float("min", float.MinValue) : 0;
    private readonly float _max = node.Version < 11 ? node.Float("max", float.MaxValue) : 0;

    public override bool CanOverwrite(int input) => input == 0;

    public override void Infer(InferenceContext context)
    {
        for (var i = 1; i < context.InputCount; i++)
        {
            if (context.HasInput(i) && context.Shape(i) is { IsConcrete: true, Count: not 1 } shape) throw new ModelException($"{(i == 1 ? "min" : "max")} must be one number, it is of shape {shape}");
        }
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    public override void Run(RunContext context, int first, int end)
    {
        var function = new Function(this, context, first, end);
        NumberTypes.Run(context.Input(0).Element, ref function);
    }

    private readonly ref struct Function(Clip owner, RunContext context, int first, int end) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            ReadOnlySpan<T> x = context.Input(0).Values<T>()[first..end];
            var y = context.Output(0).Values<T>()[first..end];
            ReadOnlySpan<T> min = owner._byAttribute ? [T.CreateSaturating(owner._min)] : Limit<T>(1), max = owner._byAttribute ? [T.CreateSaturating(owner._max)] : Limit<T>(2);
            if (typeof(T) == typeof(float))
            {
                // As the kernels do it where Clip is fused with a product.
                var bounds = new Kernels.Activations.Clip(min.IsEmpty ? float.NegativeInfinity : float.CreateTruncating(min[0]), max.IsEmpty ? float.PositiveInfinity : float.CreateTruncating(max[0]));
                ActivationMap.Map(bounds, MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(y));
                return;
            }
            if (!min.IsEmpty) BinaryLoops.Run<NumberOperations.Maximum, T>(x, min, y);
            if (!max.IsEmpty) BinaryLoops.Run<NumberOperations.Minimum, T>(min.IsEmpty ? x : y, max, y);
            else if (min.IsEmpty) x.CopyTo(y);
        }

        private ReadOnlySpan<T> Limit<T>(int input) where T : unmanaged
        {
            if (context.OptionalInput(input) is not { } limit) return [];
            return limit.Count == 1 ? limit.Values<T>() : throw new RecordException($"a limit must be one number, {limit.Type} is given");
        }
    }
}
