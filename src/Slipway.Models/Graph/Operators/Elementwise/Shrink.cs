using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Shrink (ai.onnx 9): towards zero by <c>bias</c> outside of ±<c>lambd</c>, zero inside. All types of numbers.</summary>
internal sealed class Shrink(NodeInfo node) : ElementwiseOperator
{
    private readonly float _bias = node.Float("bias", 0);
    private readonly float _limit = node.Float("lambd", 0.5f);

    public override bool CanOverwrite(int input) => true;

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), context.Shape(0));

    public override void Run(RunContext context, int first, int end)
    {
        var function = new Function(context, first, end, _bias, _limit);
        NumberTypes.Run(context.Input(0).Element, ref function);
    }

    private readonly ref struct Function(RunContext context, int first, int end, float bias, float limit) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var x = context.Input(0).Values<T>()[first..end];
            var y = context.Output(0).Values<T>()[first..end];
            if (typeof(T) == typeof(float))
            {
                ActivationMap.Map(new Kernels.Activations.Shrink(limit, bias), MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(y));
                return;
            }
            for (var i = 0; i < y.Length; i++)
            {
                var value = double.CreateTruncating(x[i]);
                y[i] = T.CreateTruncating(value < -limit ? value + bias : value > limit ? value - bias : 0);
            }
        }
    }
}
