using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>A normalisation of floats. Means and variances are taken in float64, in the order of the elements.</summary>
internal abstract class NormalizationOperator : FloatOperator
{
    protected abstract void Run<T>(RunContext context) where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    protected sealed override void Compute(RunContext context)
    {
        var x = context.Input(0);
        if (x.Element == DataType.Float32) Run<float>(context);
        else if (x.Element == DataType.Float64) Run<double>(context);
        else throw new RecordException($"floats are expected, {x.Type} is given");
    }

    /// <summary>An input of parameters, as float64; 0 elements when it is not given.</summary>
    /// <exception cref="RecordException">It has another number of elements.</exception>
    protected static double Parameter(TensorValue tensor, int index) => tensor.NumberAt(tensor.Count == 1 ? 0 : index);

    protected static void RequireCount(TensorValue tensor, long count, string what)
    {
        if (tensor.Count != count && tensor.Count != 1) throw new RecordException($"{what} must have {count} elements, {tensor.Type} is given");
    }

    /// <summary>The mean, and the mean of squared distances from it.</summary>
    protected static (double Mean, double Variance) Moments<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        foreach (var value in x) sum += double.CreateTruncating(value);
        var mean = sum / x.Length;
        double squares = 0;
        foreach (var value in x)
        {
            var distance = double.CreateTruncating(value) - mean;
            squares += distance * distance;
        }
        return (mean, squares / x.Length);
    }

    /// <summary>y = x · scale + shift.</summary>
    protected static void ScaleShift<T>(ReadOnlySpan<T> x, double scale, double shift, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (a, b) = (T.CreateTruncating(scale), T.CreateTruncating(shift));
        var width = Vector<T>.Count;
        var i = 0;
        var (scales, shifts) = (new Vector<T>(a), new Vector<T>(b));
        for (; i <= y.Length - width; i += width) (new Vector<T>(x.Slice(i, width)) * scales + shifts).CopyTo(y.Slice(i, width));
        for (; i < y.Length; i++) y[i] = x[i] * a + b;
    }
}
