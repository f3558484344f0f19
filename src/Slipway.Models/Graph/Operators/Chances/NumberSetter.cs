using System.Numerics;

namespace Slipway.Models.Graph;

/// <summary>Writes numbers into a tensor of any type of numbers or booleans.</summary>
internal interface INumberSource
{
    double Next();
}

internal static class NumberSetter
{
    public static void Fill<TSource>(TensorValue tensor, ref TSource source) where TSource : INumberSource
    {
        if (tensor.Element == DataType.BFloat16)
        {
            foreach (ref var element in tensor.Values<ushort>()) element = WideFloats.ToBFloat16((float)source.Next());
            return;
        }
        var fill = new Filler<TSource>(tensor, ref source);
        NumberTypes.Run(NarrowIntegers.Carrier(tensor.Element), ref fill);
    }

    private ref struct Filler<TSource>(TensorValue tensor, ref TSource source) : INumberFunction where TSource : INumberSource
    {
        private readonly ref TSource _source = ref source;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            foreach (ref var element in tensor.Values<T>()) element = T.CreateTruncating(_source.Next());
        }
    }
}
