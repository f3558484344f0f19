using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Trees.Kernels;
using Tensor = Slipway.Core.Tensor;

namespace Slipway.Models.Trees;

/// <summary>Margins, and what the objective makes of them.</summary>
internal sealed class PredictionAnswer<T> : TreeAnswer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MarginKernel<T> _kernel;
    private readonly MarginTransform _transform;
    private readonly PredictionFunction? _function;
    private readonly T _scale;
    private readonly int _width;
    private readonly bool _inPlace;

    private PredictionAnswer(TensorSpec spec, MarginKernel<T> kernel, MarginTransform transform, PredictionFunction? function, double scale) : base(spec)
    {
        _kernel = kernel;
        _transform = transform;
        _function = function;
        _scale = T.CreateTruncating(scale);
        _width = function?.Outputs ?? transform.OutputsFor(kernel.Outputs);
        if ((spec.Shape.Length == 1 ? 1 : spec.Shape[1]) != _width) throw new InvalidOperationException($"{spec}: {_width} values a row are computed");
        _inPlace = function is null && _width == kernel.Outputs && spec.Type == ElementTypes.Of<T>();
    }

    public static PredictionAnswer<T> Predictions(TreeModelDefinition definition, KernelKind kind) =>
        new(definition.PredictionOutput, KernelSelection.For<T>(definition, kind), definition.Transform, definition.Function, definition.MarginScale);

    public static PredictionAnswer<T> Margins(TreeModelDefinition definition, KernelKind kind)
    {
        var kernel = KernelSelection.For<T>(definition, kind);
        var predictions = definition.PredictionOutput;
        var spec = kernel.Outputs == 1
            ? new TensorSpec("margin", ElementTypes.Of<T>(), [-1])
            : new TensorSpec("margin", ElementTypes.Of<T>(), [-1, kernel.Outputs], Columns: predictions.Columns.Length == kernel.Outputs ? predictions.Columns : []);
        return new(spec, kernel, MarginTransform.Identity, null, 1);
    }

    public override void Write(ReadOnlySpan<T> rows, int count, Tensor output, int first)
    {
        if (_inPlace)
        {
            var predictions = output.Values<T>().Slice(first * _width, count * _width);
            Score(rows, predictions, predictions);
            return;
        }
        var rented = ArrayPool<T>.Shared.Rent(count * Math.Max(_width, _kernel.Outputs));
        var margins = rented.AsSpan(0, count * _kernel.Outputs);
        if (_function is null)
        {
            Score(rows, margins, rented.AsSpan(0, count * Math.Max(_width, _kernel.Outputs)));
            Store(rented.AsSpan(0, count * _width), output, first * _width);
        }
        else
        {
            Score(rows, margins, default);
            Apply(_function, MemoryMarshal.Cast<T, double>(margins), count, output, first);
        }
        ArrayPool<T>.Shared.Return(rented);
    }

    private void Score(ReadOnlySpan<T> rows, Span<T> margins, Span<T> transformed)
    {
        _kernel.Score(rows, margins);
        if (_scale != T.One) TensorPrimitives.Multiply(margins, _scale, margins);
        if (!transformed.IsEmpty) MarginTransforms.Apply(_transform, transformed, _kernel.Outputs);
    }

    private void Apply(PredictionFunction function, ReadOnlySpan<double> margins, int count, Tensor output, int first)
    {
        var predictions = ArrayPool<double>.Shared.Rent(count * _width);
        for (var row = 0; row < count; row++)
        {
            function.Apply(margins.Slice(row * _kernel.Outputs, _kernel.Outputs), predictions.AsSpan(row * _width, _width));
        }
        Store<double>(predictions.AsSpan(0, count * _width), output, first * _width);
        ArrayPool<double>.Shared.Return(predictions);
    }

    private static void Store<TFrom>(ReadOnlySpan<TFrom> predictions, Tensor output, int from)
        where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
    {
        if (output.Type == ElementType.Float32) TensorPrimitives.ConvertTruncating(predictions, output.Values<float>().Slice(from, predictions.Length));
        else TensorPrimitives.ConvertTruncating(predictions, output.Values<double>().Slice(from, predictions.Length));
    }
}
