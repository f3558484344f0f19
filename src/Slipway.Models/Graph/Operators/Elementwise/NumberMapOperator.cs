using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>A function of a number, for one element and for a vector of them; both give the same bits.</summary>
internal interface INumberMap
{
    /// <summary>The function as the kernels know it, for passes that put it into another operator.</summary>
    static virtual Activation Activation => Activation.None;

    static abstract bool HasVectors<T>();

    static abstract T Of<T>(T x) where T : unmanaged, INumber<T>;

    static virtual Vector<T> Of<T>(Vector<T> x) => throw new NotSupportedException();
}

/// <summary>A function of each element of a tensor of numbers: Abs, Neg, Sign, Relu, Floor, Ceil, Round.</summary>
internal sealed class NumberMapOperator<TMap> : ElementwiseOperator, IActivationOperator where TMap : INumberMap
{
    public Activation Activation => TMap.Activation;

    public override bool CanOverwrite(int input) => true;

    protected override bool ComputesNarrow => TMap.Activation.Kind == ActivationKind.Relu;

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), context.Shape(0));

    public override void Run(RunContext context, int first, int end)
    {
        if (ComputesNarrow && WideFloats.IsNarrow(context.Input(0).Element))
        {
            Rectify(context.Input(0), context.Output(0), first, end);
            return;
        }
        var function = new Function(context, first, end);
        NumberTypes.Run(context.Input(0).Element, ref function);
    }

    private static void Rectify(TensorValue x, TensorValue y, int first, int end)
    {
        if (x.Element == DataType.Float16) NarrowFloats.Relu(x.Values<Half>()[first..end], y.Values<Half>()[first..end]);
        else NarrowFloats.Relu(x.Values<BFloat16>()[first..end], y.Values<BFloat16>()[first..end]);
    }

    private readonly ref struct Function(RunContext context, int first, int end) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var x = context.Input(0).Values<T>()[first..end];
            var y = context.Output(0).Values<T>()[first..end];
            var i = 0;
            if (Vector<T>.IsSupported && TMap.HasVectors<T>())
            {
                for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
                {
                    TMap.Of(Vector.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i)).StoreUnsafe(ref MemoryMarshal.GetReference(y), (nuint)i);
                }
            }
            for (; i < x.Length; i++) y[i] = TMap.Of(x[i]);
        }
    }
}

/// <summary>An operator that is one of the functions that kernels apply to their results.</summary>
internal interface IActivationOperator
{
    /// <summary><see cref="ActivationKind.None"/> when it is none of them.</summary>
    Activation Activation { get; }
}
