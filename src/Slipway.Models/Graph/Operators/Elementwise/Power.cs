using System.Numerics;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// Pow: base to the power of exponent, in the type of the base; the exponent may be of another type of numbers from operator set 12 on.
/// Integers to integers are exact and wrap around; to a negative integer they are what truncation leaves of 1 / b^n.
/// </summary>
internal sealed class Power(OldBroadcast? old = null) : BroadcastOperator(old)
{
    public override bool CanOverwrite(int input) => input == 0;

    protected override bool NeedsOneType => false;

    public override int ElementsPerPart => 1 << 12;

    public override void Run(RunContext context, int first, int end)
    {
        var function = new Function(context, first, end);
        NumberTypes.Run(context.Input(0).Element, ref function);
    }

    private readonly ref struct Function(RunContext context, int first, int end) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var exponent = new Exponents<T>(context, first, end);
            NumberTypes.Run(context.Input(1).Element, ref exponent);
        }
    }

    private readonly ref struct Exponents<TBase>(RunContext context, int first, int end) : INumberFunction where TBase : unmanaged, INumber<TBase>, IMinMaxValue<TBase>
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var walk = (Broadcasting)context.State!;
            var loop = new Loop<TBase, T>(walk, context.Input(0).Values<TBase>(), context.Input(1).Values<T>(), context.Output(0).Values<TBase>());
            walk.Each(ref loop, first, end);
        }
    }

    private readonly ref struct Loop<T, TExponent>(Broadcasting walk, ReadOnlySpan<T> a, ReadOnlySpan<TExponent> b, Span<T> y) : IBroadcastLoop
        where T : unmanaged, INumber<T>
        where TExponent : unmanaged, INumber<TExponent>
    {
        private readonly ReadOnlySpan<T> _a = a;
        private readonly ReadOnlySpan<TExponent> _b = b;
        private readonly Span<T> _y = y;

        public void Run(scoped ReadOnlySpan<int> starts, int output, int length)
        {
            var left = walk.Run(_a, 0, starts[0], length);
            var right = walk.Run(_b, 1, starts[1], length);
            var to = _y.Slice(output, length);
            if (walk.IsRepeated(1) && IsFloat<T>() && double.CreateTruncating(right[0]) == 2)
            {
                BinaryLoops.Run<NumberOperations.Multiply, T>(left, left, to);
                return;
            }
            if (typeof(T) == typeof(float) && typeof(TExponent) == typeof(float))
            {
                if (walk.IsRepeated(0)) to.Fill(left[0]);
                var powers = MemoryMarshal.Cast<T, float>(to);
                VectorMath.Pow(walk.IsRepeated(0) ? powers : MemoryMarshal.Cast<T, float>(left), MemoryMarshal.Cast<TExponent, float>(right), powers);
                return;
            }
            for (var i = 0; i < to.Length; i++) to[i] = Of(left[left.Length == 1 ? 0 : i], right[right.Length == 1 ? 0 : i]);
        }

        private static T Of(T x, TExponent n) => IsFloat<T>() || IsFloat<TExponent>()
            ? T.CreateTruncating(Math.Pow(double.CreateTruncating(x), double.CreateTruncating(n)))
            : ToInteger(x, n);

        private static T ToInteger(T x, TExponent n)
        {
            if (TExponent.IsNegative(n))
            {
                if (x == T.One) return x;
                if (T.IsNegative(x) && x == unchecked(T.Zero - T.One)) return TExponent.IsOddInteger(n) ? x : T.One;
                return T.IsZero(x) ? throw new RecordException("the integer 0 is raised to a negative power") : T.Zero;
            }
            var result = T.One;
            for (var left = ulong.CreateTruncating(n); left != 0; left >>= 1)
            {
                if ((left & 1) != 0) result = unchecked(result * x);
                x = unchecked(x * x);
            }
            return result;
        }

        private static bool IsFloat<TAny>() => typeof(TAny) == typeof(float) || typeof(TAny) == typeof(double);
    }
}
