using System.Runtime.CompilerServices;

namespace Slipway.Models.Graph;

/// <summary>NonZero: the positions of the elements that are not zero, [rank, n] in row-major order (ai.onnx 9). Empty texts count as zero.</summary>
internal sealed class NonZero : Operator
{
    public override void Infer(InferenceContext context) =>
        context.SetOutput(0, DataType.Int64, context.Rank(0) is >= 0 and var rank ? Graph.Shape.Of(rank, context.NewSymbol()) : context.UnknownShape(2));

    public override void Run(RunContext context)
    {
        var source = context.Input(0);
        var count = 0;
        for (var i = 0; i < source.Count; i++)
        {
            if (IsNonZero(source, i)) count++;
        }
        var target = context.Allocate(0, DataType.Int64, source.Rank, count).Values<long>();
        var at = 0;
        for (var i = 0; i < source.Count && at < count; i++)
        {
            if (!IsNonZero(source, i)) continue;
            long rest = i;
            for (var axis = source.Rank - 1; axis >= 0; axis--)
            {
                (rest, target[axis * count + at]) = Math.DivRem(rest, source[axis]);
            }
            at++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNonZero(TensorValue tensor, int i) => tensor.Element switch
    {
        DataType.Float32 => tensor.Values<float>()[i] != 0,
        DataType.Float64 => tensor.Values<double>()[i] != 0,
        DataType.String => tensor.Strings[i].Length > 0,
        DataType.Float16 or DataType.BFloat16 => (tensor.Values<ushort>()[i] & 0x7FFF) != 0,
        DataType.Complex64 => (tensor.Values<ulong>()[i] & 0x7FFFFFFF_7FFFFFFF) != 0,
        DataType.Complex128 => (tensor.Values<UInt128>()[i] & new UInt128(long.MaxValue, long.MaxValue)) != 0,
        DataType.Float8E4M3FN or DataType.Float8E5M2 => (tensor.Values<byte>()[i] & 0x7F) != 0,
        DataType.Float4E2M1 => (tensor.Values<byte>()[i] & 0x7) != 0,
        _ => tensor.Element.Width switch
        {
            1 => tensor.Values<byte>()[i] != 0,
            2 => tensor.Values<ushort>()[i] != 0,
            4 => tensor.Values<uint>()[i] != 0,
            _ => tensor.Values<ulong>()[i] != 0,
        },
    };
}
