namespace Slipway.Core.Expressions;

/// <summary>An expression whose columns and kinds are resolved. Thread-safe; a row gives the same in whatever batch it is. Allocates nothing per row.</summary>
public sealed class BoundExpression
{
    private readonly Node _root;

    internal BoundExpression(Node root) => _root = root;

    /// <summary><see cref="ElementType.Float64"/>, <see cref="ElementType.Bool"/>, or <see cref="ElementType.Bytes"/> for text.</summary>
    public ElementType Type => _root.Kind.ElementType;

    /// <summary>Decides the condition for every row; where it is unknown because a value is missing, it does not hold.</summary>
    /// <param name="result">One per row.</param>
    /// <exception cref="InvalidOperationException">The expression is not a condition.</exception>
    /// <exception cref="RecordException">The batch lacks a column, or has it with another kind.</exception>
    public void Test(Batch rows, Span<bool> result)
    {
        if (_root is not TruthNode condition) throw new InvalidOperationException($"the expression gives {Type.ProtocolName}: it is not a condition");
        using var scratch = new Scratch<byte>(Math.Min(result.Length, Frame.Length));
        for (var start = 0; start < result.Length; start += Frame.Length)
        {
            var part = result[start..Math.Min(start + Frame.Length, result.Length)];
            var truth = scratch.Span[..part.Length];
            condition.Evaluate(new Frame(rows, null, start, result.Length), truth);
            for (var i = 0; i < part.Length; i++) part[i] = truth[i] == Truth.True;
        }
    }

    /// <summary>Computes a column <c>[rows]</c> of <see cref="Type"/>; what is missing or not a number is marked missing. The caller disposes it.</summary>
    /// <exception cref="RecordException">The batch lacks a column, or has it with another kind.</exception>
    public Tensor Evaluate(Batch rows, string name)
    {
        var count = rows.Rows;
        var result = Tensor.Uninitialized(name, Type, count);
        for (var start = 0; start < count; start += Frame.Length)
        {
            var length = Math.Min(Frame.Length, count - start);
            var frame = new Frame(rows, null, start, count);
            switch (_root)
            {
                case NumberNode number:
                    var numbers = result.Values<double>().Slice(start, length);
                    number.Evaluate(frame, numbers);
                    for (var i = 0; i < length; i++)
                    {
                        if (double.IsNaN(numbers[i])) result.SetMissing(start + i);
                    }
                    break;
                case TruthNode truth:
                    var bytes = result.RawData.Slice(start, length);
                    truth.Evaluate(frame, bytes);
                    for (var i = 0; i < length; i++)
                    {
                        if (bytes[i] == Truth.Unknown) result.SetMissing(start + i);
                        bytes[i] = bytes[i] == Truth.True ? (byte)1 : (byte)0;
                    }
                    break;
                default:
                    using (var text = ((TextNode)_root).Evaluate(frame, length))
                    {
                        for (var i = 0; i < length; i++) text.AppendTo(result, i);
                    }
                    break;
            }
        }
        return result;
    }
}
