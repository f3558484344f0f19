namespace Slipway.Models.Graph;

/// <summary>Bernoulli (ai.onnx 15): 1 with the probability that each element is, else 0.</summary>
internal sealed class Bernoulli(NodeInfo node) : Operator
{
    private readonly ulong _seed = ChanceSequence.SeedOf(node);
    private readonly DataType _element = node.DataType("dtype", DataType.Undefined);

    public override bool IsDeterministic => false;

    public override void Infer(InferenceContext context) => context.SetOutput(0, _element != DataType.Undefined ? _element : context.Element(0), context.Shape(0));

    public override void Run(RunContext context)
    {
        var source = new Source(new ChanceSequence(_seed), context.Input(0));
        NumberSetter.Fill(context.Output(0), ref source);
    }

    private struct Source(ChanceSequence chance, TensorValue probabilities) : INumberSource
    {
        private ChanceSequence _chance = chance;
        private int _index;

        public double Next() => _chance.Uniform() < probabilities.NumberAt(_index++) ? 1 : 0;
    }
}
