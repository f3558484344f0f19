namespace Slipway.Core.Expressions;

/// <summary>A bound expression: a tree that evaluates a stretch of rows at a time. Immutable and safe to evaluate from many threads.</summary>
internal abstract class Node
{
    public abstract ValueKind Kind { get; }

    public virtual bool IsConstant => false;
}

/// <summary>Numbers as doubles; NaN is the missing number.</summary>
internal abstract class NumberNode : Node
{
    public sealed override ValueKind Kind => ValueKind.Number;

    public abstract void Evaluate(in Frame frame, Span<double> result);
}

/// <summary>
/// Three-valued truth as bytes: see <see cref="Truth"/>.
/// </summary>
internal abstract class TruthNode : Node
{
    public sealed override ValueKind Kind => ValueKind.Truth;

    public abstract void Evaluate(in Frame frame, Span<byte> result);
}

/// <summary>Text as UTF-8.</summary>
internal abstract class TextNode : Node
{
    public sealed override ValueKind Kind => ValueKind.Text;

    /// <summary>The caller disposes the vector.</summary>
    public abstract TextVector Evaluate(in Frame frame, int count);
}

/// <summary>Kleene's values in an order that makes <c>and</c> the minimum, <c>or</c> the maximum, <c>not</c> the distance from <see cref="True"/>.</summary>
internal static class Truth
{
    public const byte False = 0;
    public const byte Unknown = 1;
    public const byte True = 2;

    public static byte Of(bool value) => value ? True : False;
}

internal sealed class NumberConstant(double value) : NumberNode
{
    public double Value => value;

    public override bool IsConstant => true;

    public override void Evaluate(in Frame frame, Span<double> result) => result.Fill(value);
}

internal sealed class TruthConstant(byte value) : TruthNode
{
    public byte Value => value;

    public override bool IsConstant => true;

    public override void Evaluate(in Frame frame, Span<byte> result) => result.Fill(value);
}

/// <param name="value">Null is the missing text.</param>
internal sealed class TextConstant(byte[]? value) : TextNode
{
    public byte[]? Value => value;

    public override bool IsConstant => true;

    public override TextVector Evaluate(in Frame frame, int count) => TextVector.Constant(value);
}
