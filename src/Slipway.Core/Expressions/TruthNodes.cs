using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace Slipway.Core.Expressions;

internal sealed class NotNode(TruthNode operand) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        operand.Evaluate(frame, result);
        TensorPrimitives.Subtract(Truth.True, result, result);
    }
}

internal sealed class AndNode(TruthNode left, TruthNode right) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        left.Evaluate(frame, result);
        using var other = new Scratch<byte>(result.Length);
        right.Evaluate(frame, other.Span);
        TensorPrimitives.Min(result, other.Span, result);
    }
}

internal sealed class OrNode(TruthNode left, TruthNode right) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        left.Evaluate(frame, result);
        using var other = new Scratch<byte>(result.Length);
        right.Evaluate(frame, other.Span);
        TensorPrimitives.Max(result, other.Span, result);
    }
}

/// <summary>Equality of two truth values; unknown when either is.</summary>
internal sealed class TruthEquality(TruthNode left, TruthNode right) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        left.Evaluate(frame, result);
        using var scratch = new Scratch<byte>(result.Length);
        var other = scratch.Span;
        right.Evaluate(frame, other);
        for (var i = 0; i < other.Length; i++)
        {
            result[i] = result[i] == Truth.Unknown || other[i] == Truth.Unknown ? Truth.Unknown : Truth.Of(result[i] == other[i]);
        }
    }
}

/// <summary><c>if(condition, then, else)</c> on truth values.</summary>
internal sealed class TruthChoice(TruthNode condition, TruthNode then, TruthNode otherwise) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        then.Evaluate(frame, result);
        using var truth = new Scratch<byte>(result.Length);
        using var other = new Scratch<byte>(result.Length);
        condition.Evaluate(frame, truth.Span);
        otherwise.Evaluate(frame, other.Span);
        for (var i = 0; i < result.Length; i++)
        {
            if (truth.Span[i] != Truth.True) result[i] = truth.Span[i] == Truth.False ? other.Span[i] : Truth.Unknown;
        }
    }
}

/// <summary>The first truth value that is known.</summary>
internal sealed class TruthCoalesce(ImmutableArray<TruthNode> options) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        options[0].Evaluate(frame, result);
        using var scratch = new Scratch<byte>(result.Length);
        for (var option = 1; option < options.Length; option++)
        {
            options[option].Evaluate(frame, scratch.Span);
            for (var i = 0; i < result.Length; i++)
            {
                if (result[i] == Truth.Unknown) result[i] = scratch.Span[i];
            }
        }
    }
}

/// <summary>Whether a value is missing; itself never unknown.</summary>
internal sealed class IsMissingNode(Node operand) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        switch (operand)
        {
            case NumberNode number:
                using (var numbers = new Scratch<double>(result.Length))
                {
                    number.Evaluate(frame, numbers.Span);
                    for (var i = 0; i < result.Length; i++) result[i] = Truth.Of(double.IsNaN(numbers.Span[i]));
                }
                break;
            case TruthNode truth:
                truth.Evaluate(frame, result);
                foreach (ref var value in result) value = Truth.Of(value == Truth.Unknown);
                break;
            default:
                using (var text = ((TextNode)operand).Evaluate(frame, result.Length))
                {
                    for (var i = 0; i < result.Length; i++) result[i] = Truth.Of(text.IsMissing(i));
                }
                break;
        }
    }
}
