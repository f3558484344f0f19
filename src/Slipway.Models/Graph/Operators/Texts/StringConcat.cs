namespace Slipway.Models.Graph;

/// <summary>StringConcat: joins two texts element by element, with broadcasting (ai.onnx 20).</summary>
internal sealed class StringConcat : Operator
{
    public override void Infer(InferenceContext context) => context.SetOutput(0, DataType.String, context.Broadcast(context.Shape(0), context.Shape(1)));

    public override void Run(RunContext context)
    {
        var (a, b, target) = (context.Input(0), context.Input(1), context.Output(0));
        var first = a.Strings;
        var second = b.Strings;
        var texts = target.Strings;
        for (var i = 0; i < texts.Length; i++) texts[i] = string.Concat(first[Position(i, target.Shape, a.Shape)], second[Position(i, target.Shape, b.Shape)]);
    }

    /// <summary>Where the element of a broadcast tensor is that element <paramref name="index"/> of the result comes from.</summary>
    private static int Position(int index, ReadOnlySpan<long> whole, ReadOnlySpan<long> own)
    {
        int position = 0, stride = 1;
        for (int d = whole.Length - 1, o = own.Length - 1; o >= 0; d--, o--)
        {
            if (own[o] != 1) position += index % (int)whole[d] * stride;
            index /= (int)whole[d];
            stride *= (int)own[o];
        }
        return position;
    }
}
