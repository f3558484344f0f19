using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>RandomNormal, RandomNormalLike, RandomUniform, RandomUniformLike: a tensor of random numbers, of a shape given by an attribute or by the input.</summary>
internal sealed class RandomFill : Operator
{
    private readonly ulong _seed;
    private readonly bool _isNormal;
    private readonly double _offset;
    private readonly double _factor;
    private readonly long[]? _shape;
    private readonly DataType _element;

    public RandomFill(NodeInfo node)
    {
        _seed = ChanceSequence.SeedOf(node);
        var isLike = node.Operator.EndsWith("Like", StringComparison.Ordinal);
        _isNormal = node.Operator.StartsWith("RandomNormal", StringComparison.Ordinal);
        _offset = node.Float(_isNormal ? "mean" : "low", 0);
        _factor = _isNormal ? node.Float("scale", 1) : node.Float("high", 1) - _offset;
        _element = node.DataType("dtype", isLike ? DataType.Undefined : DataType.Float32);
        if (isLike) return;
        _shape = node.Ints("shape") ?? throw node.Wrong("attribute 'shape' is missing");
        if (Array.Exists(_shape, size => size < 0)) throw node.Wrong("a size of 'shape' is below 0");
    }

    public override bool IsDeterministic => false;

    public override void Infer(InferenceContext context) =>
        context.SetOutput(0, _element != DataType.Undefined ? _element : context.Element(0), _shape is not null ? Shape.Of(_shape) : context.Shape(0));

    public override void Run(RunContext context)
    {
        if (!context.Output(0).Element.IsFloat) throw new RecordException($"random numbers are floats, {context.Output(0).Type} is asked for");
        var source = new Source(new ChanceSequence(_seed), _isNormal, _offset, _factor);
        NumberSetter.Fill(context.Output(0), ref source);
    }

    private struct Source(ChanceSequence chance, bool isNormal, double offset, double factor) : INumberSource
    {
        private ChanceSequence _chance = chance;

        public double Next() => offset + factor * (isNormal ? _chance.Normal() : _chance.Uniform());
    }
}
