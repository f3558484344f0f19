using Slipway.Core;

namespace Slipway.Conformance.Models;

/// <summary>Bit-for-bit comparison of tensors.</summary>
public static class TensorComparison
{
    /// <summary>Where two batches differ, or null when names, order, types, shapes, missing elements and every byte agree.</summary>
    public static string? Difference(Batch expected, Batch actual)
    {
        if (expected.Count != actual.Count) return $"{actual.Count} tensors, {expected.Count} expected";
        for (var i = 0; i < expected.Count; i++)
        {
            if (Difference(expected[i], actual[i]) is { } difference) return difference;
        }
        return null;
    }

    /// <summary>Where two tensors differ, or null.</summary>
    public static string? Difference(Tensor expected, Tensor actual)
    {
        if (expected.Name != actual.Name || expected.Type != actual.Type || !expected.Shape.SequenceEqual(actual.Shape)) return $"{actual}, {expected} expected";
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected.IsMissing(i) != actual.IsMissing(i)) return $"{actual} element {i} is {(actual.IsMissing(i) ? "missing" : "present")}";
            if (!Element(expected, i).SequenceEqual(Element(actual, i))) return $"{actual} element {i} is {Text(actual, i)}, {Text(expected, i)} expected";
        }
        return null;
    }

    private static ReadOnlySpan<byte> Element(Tensor tensor, int index) =>
        tensor.Type == ElementType.Bytes ? tensor.GetBytes(index) : tensor.RawData.Slice(index * tensor.Type.Size, tensor.Type.Size);

    private static string Text(Tensor tensor, int index) =>
        tensor.Type == ElementType.Bytes ? $"'{tensor.GetText(index)}'" : tensor.NumberAt(index).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
