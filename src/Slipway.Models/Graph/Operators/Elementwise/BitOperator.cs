using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

internal interface IBitOperation
{
    static abstract T Of<T>(T a, T b) where T : unmanaged, IBinaryInteger<T>;
}

/// <summary>Two tensors of integers, or of booleans: And, Or, Xor, BitwiseAnd, BitwiseOr, BitwiseXor, BitShift.</summary>
internal sealed class BitOperator<TOperation>(OldBroadcast? old = null) : BroadcastOperator(old) where TOperation : IBitOperation
{
    public override void Run(RunContext context, int first, int end)
    {
        switch (context.Input(0).Element)
        {
            case DataType.Bool or DataType.UInt8: Run<byte>(context, first, end); break;
            case DataType.Int8: Run<sbyte>(context, first, end); break;
            case DataType.UInt16: Run<ushort>(context, first, end); break;
            case DataType.Int16: Run<short>(context, first, end); break;
            case DataType.UInt32: Run<uint>(context, first, end); break;
            case DataType.Int32: Run<int>(context, first, end); break;
            case DataType.UInt64: Run<ulong>(context, first, end); break;
            case DataType.Int64: Run<long>(context, first, end); break;
            default: throw new RecordException($"integers or booleans are expected, {context.Input(0).Type} is given");
        }
    }

    private static void Run<T>(RunContext context, int first, int end) where T : unmanaged, IBinaryInteger<T>
    {
        var walk = (Broadcasting)context.State!;
        var loop = new Loop<T>(walk, context.Input(0).Values<T>(), context.Input(1).Values<T>(), context.Output(0).Values<T>());
        walk.Each(ref loop, first, end);
    }

    private readonly ref struct Loop<T>(Broadcasting walk, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) : IBroadcastLoop where T : unmanaged, IBinaryInteger<T>
    {
        private readonly ReadOnlySpan<T> _a = a, _b = b;
        private readonly Span<T> _y = y;

        public void Run(scoped ReadOnlySpan<int> starts, int output, int length)
        {
            var left = walk.Run(_a, 0, starts[0], length);
            var right = walk.Run(_b, 1, starts[1], length);
            var to = _y.Slice(output, length);
            for (var i = 0; i < to.Length; i++) to[i] = TOperation.Of(left[left.Length == 1 ? 0 : i], right[right.Length == 1 ? 0 : i]);
        }
    }
}

internal static class BitOperations
{
    public readonly struct And : IBitOperation
    {
        public static T Of<T>(T a, T b) where T : unmanaged, IBinaryInteger<T> => a & b;
    }

    public readonly struct Or : IBitOperation
    {
        public static T Of<T>(T a, T b) where T : unmanaged, IBinaryInteger<T> => a | b;
    }

    public readonly struct Xor : IBitOperation
    {
        public static T Of<T>(T a, T b) where T : unmanaged, IBinaryInteger<T> => a ^ b;
    }

    /// <summary>Bits shifted beyond the width are lost: a shift by the width or more gives 0.</summary>
    public readonly struct ShiftLeft : IBitOperation
    {
        public static T Of<T>(T a, T b) where T : unmanaged, IBinaryInteger<T> => Count(b) is var count && count < 0 ? T.Zero : a << count;
    }

    /// <inheritdoc cref="ShiftLeft"/>
    public readonly struct ShiftRight : IBitOperation
    {
        public static T Of<T>(T a, T b) where T : unmanaged, IBinaryInteger<T> => Count(b) is var count && count < 0 ? T.Zero : a >> count;
    }

    private static int Count<T>(T shift) where T : unmanaged, IBinaryInteger<T> => ulong.CreateSaturating(shift) is var count && count < (ulong)System.Runtime.CompilerServices.Unsafe.SizeOf<T>() * 8 ? (int)count : -1;
}
