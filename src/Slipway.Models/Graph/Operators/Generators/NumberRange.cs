using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Range: start, start + delta, … up to but without limit (ai.onnx 11; 27: also the 16-bit floats).</summary>
internal sealed class NumberRange : Operator
{
    public override void Infer(InferenceContext context)
    {
        for (var i = 0; i < 3; i++)
        {
            if (context.Shape(i) is { IsConcrete: true } shape && (shape.Rank > 1 || shape.Count != 1)) throw new ModelException($"input {i} must be one number, its shape is {shape}");
        }
        var count = CountOf(context);
        context.SetOutput(0, context.Element(0), count < 0 ? SymbolOf(context) : count);
        if (count is >= 0 and <= KnownIntegers.MaxRank && context.Element(0) == DataType.Int64 && context.Integers(0) is [>= 0 and var start] && context.Integers(2) is [>= 0 and var delta])
        {
            var known = new long[count];
            for (var i = 0; i < known.Length; i++) known[i] = start + i * delta;
            context.SetOutputDimensions(0, known);
        }
    }

    /// <summary>From 0 to a size in steps of one that is as many; from a part of a size on, what is left of it.</summary>
    private static long SymbolOf(InferenceContext context)
    {
        if (!context.Element(0).IsInteger || context.Integers(2) is not [1] || context.Dimensions(0) is not [var start] || context.Dimensions(1) is not [< 0 and var limit]) return context.NewSymbol();
        return start == 0 ? limit : context.Symbols.Difference(limit, start) ?? context.NewSymbol();
    }

    private static long CountOf(InferenceContext context)
    {
        if (context.Element(0) is var element && element.IsInteger)
        {
            if (context.Integers(0) is not [var start] || context.Integers(1) is not [var limit] || context.Integers(2) is not [var delta]) return -1;
            if (delta == 0) throw new ModelException("the delta of a range is 0");
            var steps = ((Int128)limit - start + (delta > 0 ? delta - 1 : delta + 1)) / delta;
            return Checked(steps < 0 ? 0 : (double)steps);
        }
        if (context.Constant(0) is not { Count: 1 } from || context.Constant(1) is not { Count: 1 } to || context.Constant(2) is not { Count: 1 } by) return -1;
        if (by.NumberAt(0) == 0) throw new ModelException("the delta of a range is 0");
        return Checked(Math.Max(0, Math.Ceiling((to.NumberAt(0) - from.NumberAt(0)) / by.NumberAt(0))));
    }

    private static long Checked(double count) => count <= int.MaxValue ? (long)count : throw new ModelException($"a range of {count} elements is larger than can be held");

    public override void Run(RunContext context)
    {
        if (context.Input(0).Element == DataType.BFloat16)
        {
            var (start, delta) = ((float)context.Input(0).NumberAt(0), (float)context.Input(2).NumberAt(0));
            var values = context.Output(0).Values<ushort>();
            for (var i = 0; i < values.Length; i++) values[i] = Rounded(start + i * delta);
            return;
        }
        var range = new RangeFunction(context);
        NumberTypes.Run(context.Input(0).Element, ref range);
    }

    /// <summary>The bits of the nearest bfloat16, ties to even.</summary>
    private static ushort Rounded(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private readonly struct RangeFunction(RunContext context) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var values = context.Output(0).Values<T>();
            if (typeof(T) == typeof(Half))
            {
                var (first, step) = ((float)context.Input(0).Values<Half>()[0], (float)context.Input(2).Values<Half>()[0]);
                for (var i = 0; i < values.Length; i++) values[i] = T.CreateTruncating(first + i * step);
                return;
            }
            var (start, delta) = (context.Input(0).Values<T>()[0], context.Input(2).Values<T>()[0]);
            for (var i = 0; i < values.Length; i++) values[i] = start + T.CreateTruncating(i) * delta;
        }
    }
}
