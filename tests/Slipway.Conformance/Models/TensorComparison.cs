using Slipway.Core;

namespace Slipway.Conformance.Models;

/// <summary>Comparison of tensors: bit for bit, or floats within a relative tolerance.</summary>
public static class TensorComparison
{
    /// <summary>Where two batches differ, or null when names, order, types, shapes, missing elements and every byte agree.</summary>
    /// <param name="tolerance">Floats may differ by this much of the larger one.</param>
    public static string? Difference(Batch expected, Batch actual, double tolerance = 0)
    {
        if (expected.Count != actual.Count) return $"{actual.Count} tensors, {expected.Count} expected";
        for (var i = 0; i < expected.Count; i++)
        {
            if (Difference(expected[i], actual[i], tolerance) is { } difference) return difference;
        }
        return null;
    }

    /// <summary>Where two tensors differ, or null.</summary>
    public static string? Difference(Tensor expected, Tensor actual, double tolerance = 0)
    {
        if (expected.Name != actual.Name || expected.Type != actual.Type || !expected.Shape.SequenceEqual(actual.Shape)) return $"{actual}, {expected} expected";
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected.IsMissing(i) != actual.IsMissing(i)) return $"{actual} element {i} is {(actual.IsMissing(i) ? "missing" : "present")}";
            if (!Element(expected, i).SequenceEqual(Element(actual, i)) && !IsWithin(expected, actual, i, tolerance)) return $"{actual} element {i} is {Text(actual, i)}, {Text(expected, i)} expected";
        }
        return null;
    }

    private static bool IsWithin(Tensor expected, Tensor actual, int index, double tolerance)
    {
        if (tolerance == 0 || !expected.Type.IsFloat) return false;
        var (a, b) = (expected.NumberAt(index), actual.NumberAt(index));
        return Math.Abs(a - b) <= tolerance * Math.Max(Math.Abs(a), Math.Abs(b));
    }

    private static ReadOnlySpan<byte> Element(Tensor tensor, int index) =>
        tensor.Type == ElementType.Bytes ? tensor.GetBytes(index) : tensor.RawData.Slice(index * tensor.Type.Size, tensor.Type.Size);

    private static string Text(Tensor tensor, int index) =>
        tensor.Type == ElementType.Bytes ? $"'{tensor.GetText(index)}'" : tensor.NumberAt(index).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
