namespace Slipway.Models.Graph;

/// <summary>LpNormalization: lines along an axis divided by their sum of sizes (p 1) or their length (p 2); a line of zeros stays.</summary>
internal sealed class LpNormalization(NodeInfo node) : NormalizationOperator
{
    private readonly long _axis = node.Int("axis", -1);
    private readonly bool _isLength = node.Int("p", 2) switch
    {
        1 => false,
        2 => true,
        var other => throw node.Wrong($"p must be 1 or 2, it is {other}"),
    };

    public override bool CanOverwrite(int input) => true;

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } shape) InferenceContext.Axis(_axis, shape.Rank);
        context.SetOutput(0, context.Element(0), context.Shape(0));
    }

    protected override void Run<T>(RunContext context)
    {
        var layout = AxisLayout.Of(context.Input(0).Shape, InferenceContext.Axis(_axis, context.Input(0).Rank));
        var x = context.Input(0).Values<T>();
        var y = context.Output(0).Values<T>();
        for (var line = 0; line < layout.Outer * layout.Inner; line++)
        {
            var start = line / layout.Inner * layout.Size * layout.Inner + line % layout.Inner;
            double sum = 0;
            for (var k = 0; k < layout.Size; k++)
            {
                var value = double.CreateTruncating(x[start + k * layout.Inner]);
                sum += _isLength ? value * value : Math.Abs(value);
            }
            var norm = _isLength ? Math.Sqrt(sum) : sum;
            for (var k = 0; k < layout.Size; k++)
            {
                var at = start + k * layout.Inner;
                y[at] = norm == 0 ? T.Zero : T.CreateTruncating(double.CreateTruncating(x[at]) / norm);
            }
        }
    }
}
