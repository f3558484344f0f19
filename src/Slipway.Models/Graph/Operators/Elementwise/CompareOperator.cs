using System.Numerics;

namespace Slipway.Models.Graph;

internal interface IComparison
{
    static abstract bool Of<T>(T a, T b) where T : IComparisonOperators<T, T, bool>;
}

/// <summary>Two tensors to booleans: Equal, Greater, Less, GreaterOrEqual, LessOrEqual. Comparisons with NaN are false.</summary>
internal sealed class CompareOperator<TComparison>(OldBroadcast? old = null) : BroadcastOperator(old) where TComparison : IComparison
{
    public override bool CanOverwrite(int input) => false;

    protected override DataType ResultOf(DataType element) => DataType.Bool;

    public override void Run(RunContext context, int first, int end)
    {
        var element = context.Input(0).Element;
        var function = new Function(context, first, end);
        if (element == DataType.String) function.RunStrings();
        else if (element == DataType.Bool) function.Run<byte>();
        else NumberTypes.Run(element, ref function);
    }

    private readonly ref struct Function(RunContext context, int first, int end) : INumberFunction
    {
        private readonly Broadcasting _walk = (Broadcasting)context.State!;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var loop = new Loop<T>(_walk, context.Input(0).Values<T>(), context.Input(1).Values<T>(), context.Output(0).Values<bool>());
            _walk.Each(ref loop, first, end);
        }

        public void RunStrings()
        {
            var loop = new StringLoop(_walk, context.Input(0).Strings, context.Input(1).Strings, context.Output(0).Values<bool>());
            _walk.Each(ref loop, first, end);
        }
    }

    private readonly ref struct Loop<T>(Broadcasting walk, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<bool> y) : IBroadcastLoop where T : unmanaged, INumber<T>
    {
        private readonly ReadOnlySpan<T> _a = a, _b = b;
        private readonly Span<bool> _y = y;

        public void Run(scoped ReadOnlySpan<int> starts, int output, int length)
        {
            var left = walk.Run(_a, 0, starts[0], length);
            var right = walk.Run(_b, 1, starts[1], length);
            var to = _y.Slice(output, length);
            if (left.Length == 1)
            {
                for (var i = 0; i < to.Length; i++) to[i] = TComparison.Of(left[0], right[right.Length == 1 ? 0 : i]);
            }
            else if (right.Length == 1)
            {
                var one = right[0];
                for (var i = 0; i < to.Length; i++) to[i] = TComparison.Of(left[i], one);
            }
            else
            {
                for (var i = 0; i < to.Length; i++) to[i] = TComparison.Of(left[i], right[i]);
            }
        }
    }

    private readonly ref struct StringLoop(Broadcasting walk, ReadOnlySpan<string> a, ReadOnlySpan<string> b, Span<bool> y) : IBroadcastLoop
    {
        private readonly ReadOnlySpan<string> _a = a, _b = b;
        private readonly Span<bool> _y = y;

        public void Run(scoped ReadOnlySpan<int> starts, int output, int length)
        {
            var left = walk.Run(_a, 0, starts[0], length);
            var right = walk.Run(_b, 1, starts[1], length);
            var to = _y.Slice(output, length);
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = TComparison.Of(string.CompareOrdinal(left[left.Length == 1 ? 0 : i], right[right.Length == 1 ? 0 : i]), 0);
            }
        }
    }
}

internal static class Comparisons
{
    public readonly struct Equal : IComparison
    {
        public static bool Of<T>(T a, T b) where T : IComparisonOperators<T, T, bool> => a == b;
    }

    public readonly struct Greater : IComparison
    {
        public static bool Of<T>(T a, T b) where T : IComparisonOperators<T, T, bool> => a > b;
    }

    public readonly struct GreaterOrEqual : IComparison
    {
        public static bool Of<T>(T a, T b) where T : IComparisonOperators<T, T, bool> => a >= b;
    }

    public readonly struct Less : IComparison
    {
        public static bool Of<T>(T a, T b) where T : IComparisonOperators<T, T, bool> => a < b;
    }

    public readonly struct LessOrEqual : IComparison
    {
        public static bool Of<T>(T a, T b) where T : IComparisonOperators<T, T, bool> => a <= b;
    }
}
