using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace Slipway.Core.Expressions;

internal enum NumberFunction { Negate, Absolute, Round, Floor, Ceiling, SquareRoot, Exponential, Logarithm, Logarithm10 }

/// <summary>A function of one number.</summary>
internal sealed class NumberMap(NumberFunction function, NumberNode operand) : NumberNode
{
    public override void Evaluate(in Frame frame, Span<double> result)
    {
        operand.Evaluate(frame, result);
        switch (function)
        {
            case NumberFunction.Negate: TensorPrimitives.Negate(result, result); break;
            case NumberFunction.Absolute: TensorPrimitives.Abs(result, result); break;
            case NumberFunction.Round: TensorPrimitives.Round(result, result); break;
            case NumberFunction.Floor: TensorPrimitives.Floor(result, result); break;
            case NumberFunction.Ceiling: TensorPrimitives.Ceiling(result, result); break;
            case NumberFunction.SquareRoot: TensorPrimitives.Sqrt(result, result); break;
            // Vectorised transcendental functions may differ from their own scalar remainder in the last bit,
            // and a row must give the same whatever batch it is in.
            case NumberFunction.Exponential: foreach (ref var x in result) x = Math.Exp(x); break;
            case NumberFunction.Logarithm: foreach (ref var x in result) x = Math.Log(x); break;
            default: foreach (ref var x in result) x = Math.Log10(x); break;
        }
    }
}

internal sealed class RoundToDigits(NumberNode operand, int digits) : NumberNode
{
    public override void Evaluate(in Frame frame, Span<double> result)
    {
        operand.Evaluate(frame, result);
        foreach (ref var x in result) x = Math.Round(x, digits);
    }
}

internal enum NumberOperator { Add, Subtract, Multiply, Divide, Remainder, Power, Minimum, Maximum }

/// <summary>Arithmetic on two numbers, IEEE 754.</summary>
internal sealed class NumberPair(NumberOperator operation, NumberNode left, NumberNode right) : NumberNode
{
    public override void Evaluate(in Frame frame, Span<double> result)
    {
        left.Evaluate(frame, result);
        using var scratch = new Scratch<double>(result.Length);
        var other = scratch.Span;
        right.Evaluate(frame, other);
        switch (operation)
        {
            case NumberOperator.Add: TensorPrimitives.Add(result, other, result); break;
            case NumberOperator.Subtract: TensorPrimitives.Subtract(result, other, result); break;
            case NumberOperator.Multiply: TensorPrimitives.Multiply(result, other, result); break;
            case NumberOperator.Divide: TensorPrimitives.Divide(result, other, result); break;
            case NumberOperator.Minimum: TensorPrimitives.Min(result, other, result); break;
            case NumberOperator.Maximum: TensorPrimitives.Max(result, other, result); break;
            case NumberOperator.Power:
                for (var i = 0; i < other.Length; i++)
                {
                    // pow(NaN, 0) and pow(1, NaN) are 1 in IEEE 754, but here NaN is a missing number.
                    result[i] = double.IsNaN(result[i]) || double.IsNaN(other[i]) ? double.NaN : Math.Pow(result[i], other[i]);
                }
                break;
            default:
                for (var i = 0; i < other.Length; i++) result[i] = FlooredRemainder(result[i], other[i]);
                break;
        }
    }

    /// <summary>The remainder with the sign of the divisor, as in Python and numpy: −7 % 3 is 2.</summary>
    private static double FlooredRemainder(double dividend, double divisor)
    {
        var remainder = dividend % divisor;
        return remainder != 0 && double.IsNegative(remainder) != double.IsNegative(divisor) ? remainder + divisor : remainder;
    }
}

/// <summary><c>if(condition, then, else)</c> on numbers; an unknown condition gives a missing number.</summary>
internal sealed class NumberChoice(TruthNode condition, NumberNode then, NumberNode otherwise) : NumberNode
{
    public override void Evaluate(in Frame frame, Span<double> result)
    {
        then.Evaluate(frame, result);
        using var truth = new Scratch<byte>(result.Length);
        using var other = new Scratch<double>(result.Length);
        condition.Evaluate(frame, truth.Span);
        otherwise.Evaluate(frame, other.Span);
        for (var i = 0; i < result.Length; i++)
        {
            if (truth.Span[i] != Truth.True) result[i] = truth.Span[i] == Truth.False ? other.Span[i] : double.NaN;
        }
    }
}

/// <summary>The first number that is not missing.</summary>
internal sealed class NumberCoalesce(ImmutableArray<NumberNode> options) : NumberNode
{
    public override void Evaluate(in Frame frame, Span<double> result)
    {
        options[0].Evaluate(frame, result);
        using var scratch = new Scratch<double>(result.Length);
        for (var option = 1; option < options.Length; option++)
        {
            options[option].Evaluate(frame, scratch.Span);
            for (var i = 0; i < result.Length; i++)
            {
                if (double.IsNaN(result[i])) result[i] = scratch.Span[i];
            }
        }
    }
}

/// <summary>Characters (Unicode code points) of a text.</summary>
internal sealed class TextLength(TextNode operand) : NumberNode
{
    public override void Evaluate(in Frame frame, Span<double> result)
    {
        using var text = operand.Evaluate(frame, result.Length);
        for (var i = 0; i < result.Length; i++)
        {
            var length = 0;
            foreach (var b in text[i])
            {
                if ((b & 0xC0) != 0x80) length++;
            }
            result[i] = text.IsMissing(i) ? double.NaN : length;
        }
    }
}

/// <summary>A metric of a watch; not known yet is missing.</summary>
internal sealed class MetricNode(string name) : NumberNode
{
    public override void Evaluate(in Frame frame, Span<double> result) => result.Fill(frame.Watch.Metric(name) ?? double.NaN);
}

/// <summary>An aggregate of a watch; not known yet is missing.</summary>
internal sealed class AggregateNode(WatchAggregate aggregate) : NumberNode
{
    public override void Evaluate(in Frame frame, Span<double> result) => result.Fill(frame.Watch.Aggregate(aggregate) ?? double.NaN);
}
