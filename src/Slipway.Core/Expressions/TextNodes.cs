using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Slipway.Core.Expressions;

internal enum TextFunction { Lower, Upper, Trim }

/// <summary>A function from text to text. Casing is the invariant culture's; trimming takes ASCII white space.</summary>
internal sealed class TextMap(TextFunction function, TextNode operand) : TextNode
{
    public override TextVector Evaluate(in Frame frame, int count)
    {
        using var text = operand.Evaluate(frame, count);
        var result = new Tensor("", ElementType.Bytes, count);
        for (var i = 0; i < count; i++)
        {
            if (text.IsMissing(i)) result.AppendMissing();
            else if (function == TextFunction.Trim) result.Append(text[i][Ascii.Trim(text[i])]);
            else AppendCased(text[i], result);
        }
        return TextVector.Temporary(result);
    }

    private void AppendCased(ReadOnlySpan<byte> text, Tensor result)
    {
        var buffer = ArrayPool<char>.Shared.Rent(text.Length * 2);
        var half = buffer.Length / 2;
        var characters = buffer.AsSpan(0, Encoding.UTF8.GetChars(text, buffer.AsSpan(0, half)));
        var cased = buffer.AsSpan(half, characters.Length);
        if (function == TextFunction.Lower) MemoryExtensions.ToLowerInvariant(characters, cased);
        else MemoryExtensions.ToUpperInvariant(characters, cased);
        result.Append(cased);
        ArrayPool<char>.Shared.Return(buffer);
    }
}

internal enum TextTestKind { Contains, StartsWith, EndsWith }

/// <summary>Whether a text contains, begins or ends with another, byte for byte.</summary>
internal sealed class TextTest(TextTestKind kind, TextNode text, TextNode part) : TruthNode
{
    public override void Evaluate(in Frame frame, Span<byte> result)
    {
        using var texts = text.Evaluate(frame, result.Length);
        using var parts = part.Evaluate(frame, result.Length);
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = texts.IsMissing(i) || parts.IsMissing(i) ? Truth.Unknown : Truth.Of(kind switch
            {
                TextTestKind.Contains => texts[i].IndexOf(parts[i]) >= 0,
                TextTestKind.StartsWith => texts[i].StartsWith(parts[i]),
                _ => texts[i].EndsWith(parts[i]),
            });
        }
    }
}

/// <summary><c>if(condition, then, else)</c> on text.</summary>
internal sealed class TextChoice(TruthNode condition, TextNode then, TextNode otherwise) : TextNode
{
    public override TextVector Evaluate(in Frame frame, int count)
    {
        using var truth = new Scratch<byte>(count);
        condition.Evaluate(frame, truth.Span);
        using var thens = then.Evaluate(frame, count);
        using var others = otherwise.Evaluate(frame, count);
        var result = new Tensor("", ElementType.Bytes, count);
        for (var i = 0; i < count; i++)
        {
            if (truth.Span[i] == Truth.Unknown) result.AppendMissing();
            else (truth.Span[i] == Truth.True ? thens : others).AppendTo(result, i);
        }
        return TextVector.Temporary(result);
    }
}

/// <summary>The first text that is not missing.</summary>
internal sealed class TextCoalesce(ImmutableArray<TextNode> options) : TextNode
{
    public override TextVector Evaluate(in Frame frame, int count)
    {
        var vectors = new TextVector[options.Length];
        for (var option = 0; option < vectors.Length; option++) vectors[option] = options[option].Evaluate(frame, count);
        var result = new Tensor("", ElementType.Bytes, count);
        for (var i = 0; i < count; i++)
        {
            var option = 0;
            while (option < vectors.Length - 1 && vectors[option].IsMissing(i)) option++;
            vectors[option].AppendTo(result, i);
        }
        foreach (var vector in vectors) vector.Dispose();
        return TextVector.Temporary(result);
    }
}
