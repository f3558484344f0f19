using System.Numerics;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>SkipLayerNormalization and its simplified form (root mean square): normalises x + skip (+ bias) along the last dimension; the fourth output is that sum. A skip may broadcast over the first dimension.</summary>
/// <param name="isCentred">Inputs are x, skip, gamma, beta, bias; else there is no beta.</param>
internal sealed class SkipLayerNormalization(NodeInfo node, bool isCentred) : FloatOperator
{
    private const int Sum = 3;

    private readonly double _epsilon = node.Float("epsilon", 1e-12f);
    private readonly int _bias = isCentred ? 4 : 3;

    public override void Infer(InferenceContext context)
    {
        var shape = context.Shape(0);
        if (shape is { Rank: < 2 }) throw new ModelException($"a tensor [batch, …, size] is expected, {shape} is given");
        for (var i = 2; shape is not null && i < context.InputCount; i++)
        {
            if (context.Shape(i) is { } parameter && (parameter.Rank != 1 || (parameter[0] >= 0 && shape[^1] >= 0 && parameter[0] != shape[^1]))) throw new ModelException($"input {i} {parameter} is no vector for the last dimension of {shape}");
        }
        context.SetOutput(0, context.Element(0), shape);
        Shape? statistics = shape is null ? null : Shape.Of([.. shape.Span[..^1], 1]);
        context.SetOutput(1, DataType.Float32, statistics);
        context.SetOutput(2, DataType.Float32, statistics);
        context.SetOutput(Sum, context.Element(0), shape);
    }

    protected override long ComputeScratchBytes(RunContext context) => context.HasOutput(Sum) ? 0 : (long)context.Input(0).Count * context.Input(0).Element.Width;

    protected override void Compute(RunContext context)
    {
        if (context.Input(0).Element != DataType.Float32) throw new RecordException($"float, float16 or bfloat16 is expected, {context.Input(0).Type} is given");
        var x = context.Input(0);
        var size = (int)x[^1];
        if (x.Count == 0) return;
        var skip = context.Input(1).Values<float>();
        if (skip.Length == 0 || x.Count % skip.Length != 0 || skip.Length % size != 0) throw new RecordException($"the skip {context.Input(1).Type} does not fit {x.Type}");
        var sums = context.HasOutput(Sum) ? context.Output(Sum).Values<float>() : System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(context.Scratch)[..x.Count];
        var bias = context.OptionalInput(_bias) is { } given ? given.Values<float>() : default;
        for (var row = 0; row < sums.Length; row += size)
        {
            var of = sums.Slice(row, size);
            BinaryLoops.Run<NumberOperations.Add, float>(x.Values<float>().Slice(row, size), skip.Slice(row % skip.Length, size), of);
            if (!bias.IsEmpty) BinaryLoops.Run<NumberOperations.Add, float>(of, bias, of);
        }
        var means = context.HasOutput(1) ? context.Output(1).Values<float>() : default;
        var inverses = context.HasOutput(2) ? context.Output(2).Values<float>() : default;
        var gamma = context.Input(2).Values<float>();
        var beta = isCentred && context.OptionalInput(3) is { } shift ? shift.Values<float>() : default;
        if (isCentred) LayerNorm.Run<float>(sums, context.Output(0).Values<float>(), size, gamma, beta, (float)_epsilon, means, inverses, context.Threads);
        else LayerNorm.RunRootMeanSquare<float>(sums, context.Output(0).Values<float>(), size, gamma, (float)_epsilon, inverses, context.Threads);
    }
}
