using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Clip: elements below min become min, above max become max (also when min is above max); NaN stays. Limits are attributes before operator set 11, scalars after.</summary>
internal sealed class Clip(NodeInfo node) : FloatOperator
{
    private readonly bool _byAttribute = node.Version < 11;
    private readonly float _min = node.Version < 11 ? node.Float("min", float.MinValue) : 0;
    private readonly float _max = node.Version < 11 ? node.Float("max", float.MaxValue) : 0;

    public override bool CanOverwrite(int input) => input == 0;

    public override void Infer(InferenceContext context)
    {
        for (var i = 1; i < context.InputCount; i++)
        {
            if (context.HasInput(i) && context.Shape(i) is { IsConcrete: true, Count: not 1 } shape) throw new ModelException($"{(i == 1 ? "min" : "max")} must be one number, it is of shape {shape}");
        }
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    protected override void Compute(RunContext context)
    {
        var function = new Function(this, context);
        NumberTypes.Run(context.Input(0).Element, ref function);
    }

    private readonly ref struct Function(Clip owner, RunContext context) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var x = context.Input(0).Values<T>();
            var y = context.Output(0).Values<T>();
            x.CopyTo(y);
            if (owner._byAttribute)
            {
                BinaryLoops.Run<NumberOperations.Maximum, T>(y, [T.CreateSaturating(owner._min)], y);
                BinaryLoops.Run<NumberOperations.Minimum, T>(y, [T.CreateSaturating(owner._max)], y);
                return;
            }
            if (Limit<T>(1) is [var min]) BinaryLoops.Run<NumberOperations.Maximum, T>(y, [min], y);
            if (Limit<T>(2) is [var max]) BinaryLoops.Run<NumberOperations.Minimum, T>(y, [max], y);
        }

        private ReadOnlySpan<T> Limit<T>(int input) where T : unmanaged
        {
            if (context.OptionalInput(input) is not { } limit) return [];
            return limit.Count == 1 ? limit.Values<T>() : throw new RecordException($"a limit must be one number, {limit.Type} is given");
        }
    }
}
