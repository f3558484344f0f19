using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Scatter and ScatterElements: replaces or reduces single elements at positions along an axis (ai.onnx 9, 11; 16: add, mul; 18: max, min).</summary>
internal sealed class ScatterElements(NodeInfo node) : Operator
{
    private readonly long _axis = node.Int("axis", 0);
    private readonly ScatterReduction _reduction = ScatterReductions.Of(node);

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } data && context.Shape(1) is { } indices)
        {
            ElementLines.Check(data, indices, InferenceContext.Axis(_axis, data.Rank));
            if (context.Shape(2) is { IsConcrete: true } updates && indices.IsConcrete && !updates.Equals(indices)) throw new ModelException($"updates of shape {updates} and indices of shape {indices} differ");
        }
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    public override void Run(RunContext context)
    {
        ScatterReductions.CopyData(context);
        var scatter = new Scattering(context, _axis, ScatterReductions.OfElements(_reduction, context.Input(0).Element));
        ScatterReductions.Run(_reduction, context.Input(0).Element, ref scatter);
    }

    private readonly struct Scattering(RunContext context, long givenAxis, ScatterReduction reduction) : IElementMove, INumberFunction
    {
        public void Move<T>()
        {
            var (positions, target) = (context.Input(1), context.Output(0));
            if (positions.Count == 0) return;
            var axis = InferenceContext.Axis(givenAxis, target.Rank);
            var size = target[axis];
            var lines = new ElementLines(target, positions, axis, target.Rank <= Strides.StackRank ? stackalloc long[2 * Strides.StackRank] : new long[2 * target.Rank]);
            var indices = new IndexReader(positions);
            ReadOnlySpan<T> updates = context.Input(2).Elements<T>();
            var to = target.Elements<T>();
            var at = 0;
            do
            {
                for (var i = 0; i < lines.Count; i++, at++) to[lines.Start + i * lines.Step + (int)indices.At(at, size) * lines.AxisStride] = updates[at];
            }
            while (lines.MoveNext());
        }

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var (positions, target) = (context.Input(1), context.Output(0));
            if (positions.Count == 0) return;
            var axis = InferenceContext.Axis(givenAxis, target.Rank);
            var size = target[axis];
            var lines = new ElementLines(target, positions, axis, target.Rank <= Strides.StackRank ? stackalloc long[2 * Strides.StackRank] : new long[2 * target.Rank]);
            var indices = new IndexReader(positions);
            ReadOnlySpan<T> updates = context.Input(2).Values<T>();
            var to = target.Values<T>();
            var at = 0;
            do
            {
                for (var i = 0; i < lines.Count; i++, at++)
                {
                    ScatterReductions.Apply(reduction, to.Slice(lines.Start + i * lines.Step + (int)indices.At(at, size) * lines.AxisStride, 1), updates.Slice(at, 1));
                }
            }
            while (lines.MoveNext());
        }
    }
}
