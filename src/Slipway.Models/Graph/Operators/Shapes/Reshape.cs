using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Reshape: the same elements in another shape (ai.onnx 1: attribute; 5: input; 14: allowzero).</summary>
internal sealed class Reshape : Reinterpretation
{
    private readonly long[]? _shape;
    private readonly bool _allowZero;

    public Reshape(NodeInfo node)
    {
        _allowZero = node.Version >= 14 && node.Flag("allowzero");
        if (node.Version < 5) _shape = node.Ints("shape") ?? throw node.Wrong("attribute 'shape' is missing");
    }

    public override void Infer(InferenceContext context)
    {
        var source = context.Shape(0);
        Shape? result;
        if ((_shape ?? context.Integers(1)) is { } shape) result = Resolve(context, source, shape, isExact: true);
        else if (context.Sizes(1) is { } sizes) result = Resolve(context, source, sizes, isExact: false);
        else result = context.VectorLength(1) is >= 0 and var rank ? context.UnknownShape(rank) : null;
        context.SetOutput(0, context.Element(0), result);
        PassDimensions(context, result);
    }

    /// <param name="isExact">Numbers below zero are the operator's own -1, and not symbols.</param>
    private Shape Resolve(InferenceContext context, Shape? source, long[] wanted, bool isExact)
    {
        var dimensions = new long[wanted.Length];
        var open = -1;
        for (var i = 0; i < wanted.Length; i++)
        {
            dimensions[i] = wanted[i];
            if (wanted[i] == 0 && !_allowZero)
            {
                if (source is not null && i >= source.Rank) throw new ModelException($"the new shape {Describe(wanted)} keeps dimension {i}, which {source} has not");
                dimensions[i] = source?[i] ?? context.NewSymbol();
            }
            else if (wanted[i] < 0 && isExact)
            {
                if (wanted[i] != -1) throw new ModelException($"dimension {wanted[i]} of the new shape {Describe(wanted)} is no size");
                if (open >= 0) throw new ModelException($"the new shape {Describe(wanted)} leaves two dimensions open");
                open = i;
            }
        }
        if (!isExact) open = OnlyNewSymbol(dimensions, source);
        if (open >= 0) dimensions[open] = source is null ? context.NewSymbol() : Deduce(context, source, dimensions, open, isExact ? 0 : dimensions[open]);
        var result = Graph.Shape.Of(dimensions);
        if (source is { IsConcrete: true } && result.IsConcrete && source.Count != result.Count)
        {
            throw new ModelException($"a tensor of shape {source} has {source.Count} elements, the new shape {Describe(wanted)} has {result.Count}");
        }
        return result;
    }

    /// <summary>The size that makes the number of elements right; symbols on both sides cancel.</summary>
    private static long Deduce(InferenceContext context, Shape source, long[] dimensions, int open, long otherwise)
    {
        var numerator = new List<long>(source.Dimensions);
        long divisor = 1;
        for (var i = 0; i < dimensions.Length; i++)
        {
            if (i == open || numerator.Remove(dimensions[i])) continue;
            if (dimensions[i] < 0) return otherwise != 0 ? otherwise : context.NewSymbol();
            divisor = Graph.Shape.CountOf([divisor, dimensions[i]]);
        }
        long product = 1, symbol = 0;
        foreach (var dimension in numerator)
        {
            if (dimension >= 0) product = Graph.Shape.CountOf([product, dimension]);
            else if (symbol == 0) symbol = dimension;
            else return otherwise != 0 ? otherwise : context.NewSymbol();
        }
        if (symbol != 0) return product == divisor && divisor != 0 ? symbol : otherwise != 0 ? otherwise : context.NewSymbol();
        if (otherwise != 0 && (divisor == 0 || product % divisor != 0)) return otherwise;
        if (divisor == 0 || product % divisor != 0)
        {
            throw new ModelException($"a tensor of shape {source} cannot be reshaped: the open dimension would have {product} / {divisor} elements");
        }
        return product / divisor;
    }

    /// <summary>The only dimension that is a symbol which the source has not; -1 when there is none, or more than one.</summary>
    private static int OnlyNewSymbol(long[] dimensions, Shape? source)
    {
        var known = new List<long>(source?.Dimensions ?? []);
        var found = -1;
        for (var i = 0; i < dimensions.Length; i++)
        {
            if (dimensions[i] >= 0 || known.Remove(dimensions[i])) continue;
            if (found >= 0) return -1;
            found = i;
        }
        return found;
    }

    private static string Describe(long[] shape) => $"[{string.Join(',', shape)}]";
}
