using System.Numerics;
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

    /// <summary>The softmax of a line, in place.</summary>
    public static void Normalize<T>(Span<T> line) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (line.IsEmpty) return;
        if (typeof(T) == typeof(float)) Normalize(MemoryMarshal.Cast<T, float>(line));
        else Logarithmic<T>(line, line, true);
    }

    private void Run<T>(ReadOnlySpan<T> x, Span<T> y, AxisLayout layout, Span<byte> scratch) where T : unmanaged, IBinaryFloatingPointIeee754<T>
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

    private void Line<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (kind == SoftmaxKind.Hardmax)
        {
            Greatest(x, out var index);
            y.Clear();
            y[index] = T.One;
        }
        else if (kind == SoftmaxKind.LogSoftmax)
        {
            Logarithmic(x, y, false);
        }
        else
        {
            x.CopyTo(y);
            Normalize(y);
        }
    }

    private static void Normalize(Span<float> line)
    {
        BinaryLoops.Run<NumberOperations.Subtract, float>(line, [Greatest<float>(line, out _)], line);
        VectorMath.Exp(line, line);
        double total = 0;
        foreach (var value in line) total += value;
        BinaryLoops.Run<NumberOperations.Multiply, float>(line, [(float)(1 / total)], line);
    }

    /// <summary>Logarithms of the softmax, or with <paramref name="exponential"/> the softmax itself, in float64.</summary>
    private static void Logarithmic<T>(ReadOnlySpan<T> x, Span<T> y, bool exponential) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var greatest = double.CreateTruncating(Greatest(x, out _));
        double sum = 0;
        foreach (var value in x) sum += Math.Exp(double.CreateTruncating(value) - greatest);
        var shift = Math.Log(sum);
        for (var i = 0; i < y.Length; i++)
        {
            var distance = double.CreateTruncating(x[i]) - greatest;
            y[i] = T.CreateTruncating(exponential ? Math.Exp(distance) / sum : distance - shift);
        }
    }

    private static T Greatest<T>(ReadOnlySpan<T> x, out int index) where T : INumber<T>
    {
        index = 0;
        for (var i = 1; i < x.Length; i++)
        {
            if (x[i] > x[index] || T.IsNaN(x[i])) index = i;
        }
        return x[index];
    }
}
