using System.Numerics;
using System.Runtime.InteropServices;

namespace Slipway.Models.Rows.VectorMachines;

/// <summary>
/// Vectors of the same length, laid out so that a SIMD lane is a vector: sums over the elements of each are taken in their order, as producers take them,
/// for several vectors at once.
/// </summary>
internal sealed class VectorSet
{
    private readonly Vector<double>[] _elements;
    private readonly int _length;

    /// <param name="values">The vectors one after the other.</param>
    public VectorSet(ReadOnlySpan<double> values, int count)
    {
        Count = count;
        _length = count == 0 ? 0 : values.Length / count;
        var lanes = Vector<double>.Count;
        PaddedCount = Padded(count);
        _elements = new Vector<double>[PaddedCount / lanes * _length];
        var flat = MemoryMarshal.Cast<Vector<double>, double>(_elements.AsSpan());
        for (var vector = 0; vector < count; vector++)
        {
            var first = (vector / lanes * lanes * _length) + (vector % lanes);
            for (var i = 0; i < _length; i++) flat[first + (i * lanes)] = values[(vector * _length) + i];
        }
    }

    public int Count { get; }

    /// <summary>How many results the methods write.</summary>
    public int PaddedCount { get; }

    /// <summary><see cref="PaddedCount"/> of so many vectors.</summary>
    public static int Padded(int count) => (count + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;

    public void SquaredDistances(ReadOnlySpan<double> input, Span<double> results)
    {
        var elements = _elements.AsSpan();
        foreach (ref var result in MemoryMarshal.Cast<double, Vector<double>>(results[..PaddedCount]))
        {
            var sum = Vector<double>.Zero;
            var block = elements[.._length];
            for (var i = 0; i < block.Length; i++)
            {
                var difference = new Vector<double>(input[i]) - block[i];
                sum += difference * difference;
            }
            result = sum;
            elements = elements[_length..];
        }
    }

    public void Products(ReadOnlySpan<double> input, Span<double> results)
    {
        var elements = _elements.AsSpan();
        foreach (ref var result in MemoryMarshal.Cast<double, Vector<double>>(results[..PaddedCount]))
        {
            var sum = Vector<double>.Zero;
            var block = elements[.._length];
            for (var i = 0; i < block.Length; i++) sum += new Vector<double>(input[i]) * block[i];
            result = sum;
            elements = elements[_length..];
        }
    }

    /// <summary>Σ |x − y| to a power, over the elements.</summary>
    public void AbsoluteDistances(ReadOnlySpan<double> input, double power, Span<double> results)
    {
        var elements = _elements.AsSpan();
        foreach (ref var result in MemoryMarshal.Cast<double, Vector<double>>(results[..PaddedCount]))
        {
            var sum = Vector<double>.Zero;
            var block = elements[.._length];
            for (var i = 0; i < block.Length; i++)
            {
                var difference = Vector.Abs(new Vector<double>(input[i]) - block[i]);
                sum += power == 1 ? difference : Power(difference, power);
            }
            result = sum;
            elements = elements[_length..];
        }
    }

    private static Vector<double> Power(Vector<double> values, double power)
    {
        for (var lane = 0; lane < Vector<double>.Count; lane++) values = values.WithElement(lane, Math.Pow(values[lane], power));
        return values;
    }
}
