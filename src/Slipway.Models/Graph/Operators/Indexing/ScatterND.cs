using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>ScatterND: replaces or reduces slices that tuples of positions point to (ai.onnx 11; 16: add, mul; 18: max, min).</summary>
internal sealed class ScatterND(NodeInfo node) : Operator
{
    private readonly ScatterReduction _reduction = ScatterReductions.Of(node);

    public override void Infer(InferenceContext context)
    {
        if (IndexTuples.Slices(context.Shape(0), context.Shape(1), 0) is { IsConcrete: true } slices && context.Shape(2) is { IsConcrete: true } updates && !slices.Equals(updates))
        {
            throw new ModelException($"updates of shape {updates} do not fit data {context.Shape(0)} and indices {context.Shape(1)}: {slices} is expected");
        }
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    public override void Run(RunContext context)
    {
        ScatterReductions.CopyData(context);
        var scatter = new Scattering(context, ScatterReductions.OfElements(_reduction, context.Input(0).Element));
        ScatterReductions.Run(_reduction, context.Input(0).Element, ref scatter);
    }

    private readonly struct Scattering(RunContext context, ScatterReduction reduction) : IElementMove, INumberFunction
    {
        public void Move<T>()
        {
            var (positions, target) = (context.Input(1), context.Output(0));
            ReadOnlySpan<T> updates = context.Input(2).Elements<T>();
            if (updates.IsEmpty) return;
            Measure(positions, target, out var sizes, out var slice);
            var indices = new IndexReader(positions);
            var to = target.Elements<T>();
            for (var i = 0; i < updates.Length / slice; i++) updates.Slice(i * slice, slice).CopyTo(to.Slice(IndexTuples.Offset(indices, i, sizes, slice), slice));
        }

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var (positions, target) = (context.Input(1), context.Output(0));
            ReadOnlySpan<T> updates = context.Input(2).Values<T>();
            if (updates.IsEmpty) return;
            Measure(positions, target, out var sizes, out var slice);
            var indices = new IndexReader(positions);
            var to = target.Values<T>();
            for (var i = 0; i < updates.Length / slice; i++)
            {
                ScatterReductions.Apply(reduction, to.Slice(IndexTuples.Offset(indices, i, sizes, slice), slice), updates.Slice(i * slice, slice));
            }
        }

        private static void Measure(TensorValue positions, TensorValue data, out ReadOnlySpan<long> sizes, out int slice)
        {
            var depth = (int)positions[positions.Rank - 1];
            sizes = data.Shape[..depth];
            slice = (int)Strides.Product(data.Shape[depth..]);
        }
    }
}
