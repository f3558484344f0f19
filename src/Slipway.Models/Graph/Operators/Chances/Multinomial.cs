using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>Multinomial (ai.onnx 7): <c>sample_size</c> classes for each row of unnormalised logarithms of probabilities [n, c].</summary>
internal sealed class Multinomial(NodeInfo node) : Operator
{
    private readonly ulong _seed = ChanceSequence.SeedOf(node);
    private readonly long _samples = node.Int("sample_size", 1) is > 0 and var samples ? samples : throw node.Wrong("sample_size must be above 0");
    private readonly DataType _element = node.DataType("dtype", DataType.Int32) is var type and (DataType.Int32 or DataType.Int64) ? type : throw node.Wrong("dtype must be int32 or int64");

    public override bool IsDeterministic => false;

    public override void Infer(InferenceContext context)
    {
        var shape = context.Shape(0);
        if (shape is not null && (shape.Rank != 2 || shape[1] == 0)) throw new ModelException($"logarithms of probabilities [n, c] are expected, {shape} is given");
        context.SetOutput(0, _element, shape is null ? null : Shape.Of(shape[0], _samples));
    }

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        var y = context.Output(0);
        var classes = (int)x[1];
        var chance = new ChanceSequence(_seed);
        for (var row = 0; row < x[0]; row++)
        {
            var greatest = double.NegativeInfinity;
            for (var k = 0; k < classes; k++) greatest = Math.Max(greatest, x.NumberAt(row * classes + k));
            double total = 0;
            for (var k = 0; k < classes; k++) total += Math.Exp(x.NumberAt(row * classes + k) - greatest);
            for (var sample = 0; sample < _samples; sample++)
            {
                var left = chance.Uniform() * total;
                var chosen = 0;
                while (chosen < classes - 1 && (left -= Math.Exp(x.NumberAt(row * classes + chosen) - greatest)) >= 0) chosen++;
                if (_element == DataType.Int32) y.Values<int>()[(int)(row * _samples + sample)] = chosen;
                else y.Values<long>()[(int)(row * _samples + sample)] = chosen;
            }
        }
    }
}
