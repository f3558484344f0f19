using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

internal enum SoftmaxKind
{
    Softmax,
    LogSoftmax,
    Hardmax,
}

/// <summary>Softmax, LogSoftmax and Hardmax along one axis; before operator set 13 over everything from the axis on.</summary>
internal sealed class SoftmaxOperator(NodeInfo node, SoftmaxKind kind) : FloatOperator
{
    private readonly bool _flattens = node.Version < 13;
    private readonly long _axis = node.Int("axis", node.Version < 13 ? 1 : -1);

    public override bool CanOverwrite(int input) => true;

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } shape) Axis(shape.Rank);
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    protected override long ComputeScratchBytes(RunContext context) => Layout(context.Input(0)) is { Inner: > 1 } layout ? (long)layout.Size * context.Input(0).Element.Width : 0;

    protected override void Compute(RunContext context)
    {
        var x = context.Input(0);
        if (x.Count == 0) return;
        var layout = Layout(x);
        if (x.Element == DataType.Float32) Run(x.Values<float>(), context.Output(0).Values<float>(), layout, context.Scratch);
        else if (x.Element == DataType.Float64) Run(x.Values<double>(), context.Output(0).Values<double>(), layout, context.Scratch);
        else throw new RecordException($"floats are expected, {x.Type} is given");
    }

    private int Axis(int rank) => _flattens && _axis == rank ? rank : rank == 0 ? 0 : InferenceContext.Axis(_axis, rank);

    private AxisLayout Layout(TensorValue x) => x.Rank == 0 ? new AxisLayout(1, 1, 1) : _flattens ? AxisLayout.Flat(x.Shape, Axis(x.Rank)) : AxisLayout.Of(x.Shape, Axis(x.Rank));

    private void Run<T>(ReadOnlySpan<T> x, Span<T> y, AxisLayout layout, Span<byte> scratch) where T : unmanaged
    {
        if (layout.Inner == 1)
        {
            for (var row = 0; row < layout.Outer; row++) Line(x.Slice(row * layout.Size, layout.Size), y.Slice(row * layout.Size, layout.Size));
            return;
        }
        var line = MemoryMarshal.Cast<byte, T>(scratch)[..layout.Size];
        for (var i = 0; i < layout.Outer * layout.Inner; i++)
        {
            var start = i / layout.Inner * layout.Size * layout.Inner + i % layout.Inner;
            for (var k = 0; k < line.Length; k++) line[k] = x[start + k * layout.Inner];
            Line(line, line);
            for (var k = 0; k < line.Length; k++) y[start + k * layout.Inner] = line[k];
        }
    }

    private void Line<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) Line(MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(y));
        else Line(MemoryMarshal.Cast<T, double>(x), MemoryMarshal.Cast<T, double>(y));
    }

    private void Line(ReadOnlySpan<float> x, Span<float> y)
    {
        var greatest = Greatest(x, out var index);
        if (kind == SoftmaxKind.Hardmax)
        {
            y.Clear();
            y[index] = 1;
            return;
        }
        if (kind == SoftmaxKind.LogSoftmax)
        {
            double sum = 0;
            foreach (var value in x) sum += Math.Exp(value - greatest);
            var shift = Math.Log(sum);
            for (var i = 0; i < y.Length; i++) y[i] = (float)(x[i] - greatest - shift);
            return;
        }
        for (var i = 0; i < y.Length; i++) y[i] = x[i] - greatest;
        VectorMath.Exp(y, y);
        double total = 0;
        foreach (var value in y) total += value;
        var scale = (float)(1 / total);
        for (var i = 0; i < y.Length; i++) y[i] *= scale;
    }

    private void Line(ReadOnlySpan<double> x, Span<double> y)
    {
        var greatest = Greatest(x, out var index);
        if (kind == SoftmaxKind.Hardmax)
        {
            y.Clear();
            y[index] = 1;
            return;
        }
        double sum = 0;
        foreach (var value in x) sum += Math.Exp(value - greatest);
        var shift = Math.Log(sum);
        for (var i = 0; i < y.Length; i++) y[i] = kind == SoftmaxKind.LogSoftmax ? x[i] - greatest - shift : Math.Exp(x[i] - greatest) / sum;
    }

    private static T Greatest<T>(ReadOnlySpan<T> x, out int index) where T : System.Numerics.INumber<T>
    {
        index = 0;
        for (var i = 1; i < x.Length; i++)
        {
            if (x[i] > x[index] || T.IsNaN(x[i])) index = i;
        }
        return x[index];
    }
}
