namespace Slipway.Core.Expressions;

internal enum Comparison { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual }

/// <summary>Comparison of two numbers; unknown when either is missing.</summary>
internal sealed class NumberComparison(Comparison comparison, NumberNode left, NumberNode right) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        using var lefts = new Scratch<double>(result.Length);
        using var rights = new Scratch<double>(result.Length);
        left.Evaluate(frame, lefts.Span);
        right.Evaluate(frame, rights.Span);
        Compare(comparison, lefts.Span, rights.Span, result);
    }

    public static void Compare(Comparison comparison, ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<byte> result)
    {
        switch (comparison)
        {
            case Comparison.Equal: Each<Equal>(left, right, result); break;
            case Comparison.NotEqual: Each<NotEqual>(left, right, result); break;
            case Comparison.Less: Each<Less>(left, right, result); break;
            case Comparison.LessEqual: Each<LessEqual>(left, right, result); break;
            case Comparison.Greater: Each<Less>(right, left, result); break;
            default: Each<LessEqual>(right, left, result); break;
        }
    }

    private static void Each<T>(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<byte> result) where T : struct, ITest
    {
        for (var i = 0; i < result.Length; i++)
        {
            var (x, y) = (left[i], right[i]);
            // Without a branch: 1 + 1 when the test holds, 1 − 1 when its contrary does, 1 when neither does because of a NaN.
            result[i] = (byte)(Truth.Unknown + (T.Holds(x, y) ? 1 : 0) - (T.Fails(x, y) ? 1 : 0));
        }
    }

    private interface ITest
    {
        static abstract bool Holds(double x, double y);

        static abstract bool Fails(double x, double y);
    }

    private readonly struct Equal : ITest
    {
        public static bool Holds(double x, double y) => x == y;

        public static bool Fails(double x, double y) => x < y || x > y;
    }

    private readonly struct NotEqual : ITest
    {
        public static bool Holds(double x, double y) => x < y || x > y;

        public static bool Fails(double x, double y) => x == y;
    }

    private readonly struct Less : ITest
    {
        public static bool Holds(double x, double y) => x < y;

        public static bool Fails(double x, double y) => x >= y;
    }

    private readonly struct LessEqual : ITest
    {
        public static bool Holds(double x, double y) => x <= y;

        public static bool Fails(double x, double y) => x > y;
    }
}

/// <summary>Comparison of two texts by code point; unknown when either is missing.</summary>
internal sealed class TextComparison(Comparison comparison, TextNode left, TextNode right) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        using var lefts = left.Evaluate(frame, result.Length);
        using var rights = right.Evaluate(frame, result.Length);
        Compare(comparison, lefts, rights, result);
    }

    public static void Compare(Comparison comparison, TextVector left, TextVector right, Span<byte> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = left.IsMissing(i) || right.IsMissing(i) ? Truth.Unknown : Truth.Of(comparison switch
            {
                Comparison.Equal => left[i].SequenceEqual(right[i]),
                Comparison.NotEqual => !left[i].SequenceEqual(right[i]),
                Comparison.Less => left[i].SequenceCompareTo(right[i]) < 0,
                Comparison.LessEqual => left[i].SequenceCompareTo(right[i]) <= 0,
                Comparison.Greater => left[i].SequenceCompareTo(right[i]) > 0,
                _ => left[i].SequenceCompareTo(right[i]) >= 0,
            });
        }
    }
}

/// <summary><c>value between low and high</c>, both included; false as soon as one bound is violated, even when the other is missing.</summary>
internal sealed class NumberBetween(NumberNode value, NumberNode low, NumberNode high) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        using var values = new Scratch<double>(result.Length);
        using var bounds = new Scratch<double>(result.Length);
        using var below = new Scratch<byte>(result.Length);
        value.Evaluate(frame, values.Span);
        low.Evaluate(frame, bounds.Span);
        NumberComparison.Compare(Comparison.GreaterEqual, values.Span, bounds.Span, result);
        high.Evaluate(frame, bounds.Span);
        NumberComparison.Compare(Comparison.LessEqual, values.Span, bounds.Span, below.Span);
        for (var i = 0; i < result.Length; i++) result[i] = Math.Min(result[i], below.Span[i]);
    }
}

/// <inheritdoc cref="NumberBetween"/>
internal sealed class TextBetween(TextNode value, TextNode low, TextNode high) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        using var values = value.Evaluate(frame, result.Length);
        using var lows = low.Evaluate(frame, result.Length);
        using var highs = high.Evaluate(frame, result.Length);
        using var below = new Scratch<byte>(result.Length);
        TextComparison.Compare(Comparison.GreaterEqual, values, lows, result);
        TextComparison.Compare(Comparison.LessEqual, values, highs, below.Span);
        for (var i = 0; i < result.Length; i++) result[i] = Math.Min(result[i], below.Span[i]);
    }
}

/// <summary>Whether a number is one of some constants.</summary>
/// <param name="sorted">Ascending.</param>
internal sealed class NumberMembership(NumberNode value, double[] sorted) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        using var values = new Scratch<double>(result.Length);
        value.Evaluate(frame, values.Span);
        for (var i = 0; i < result.Length; i++)
        {
            var number = values.Span[i];
            result[i] = double.IsNaN(number) ? Truth.Unknown : Truth.Of(Array.BinarySearch(sorted, number) >= 0);
        }
    }
}

/// <summary>Whether a text is one of some constants.</summary>
/// <param name="sorted">Ascending by code point.</param>
internal sealed class TextMembership(TextNode value, byte[][] sorted) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        using var values = value.Evaluate(frame, result.Length);
        for (var i = 0; i < result.Length; i++) result[i] = values.IsMissing(i) ? Truth.Unknown : Truth.Of(Contains(values[i]));
    }

    private bool Contains(ReadOnlySpan<byte> text)
    {
        var (low, high) = (0, sorted.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = sorted[middle].AsSpan().SequenceCompareTo(text);
            if (order == 0) return true;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return false;
    }
}
