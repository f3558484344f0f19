namespace Slipway.Models.Graph;

/// <summary>An operator whose output 0 is input 0 in another shape: the plan lends the memory, or the elements are copied in order.</summary>
internal abstract class Reinterpretation : Operator
{
    public override void Run(RunContext context)
    {
        var (source, target) = (context.Input(0), context.Output(0));
        if (source.Element == DataType.String) source.Strings.CopyTo(target.Strings);
        else source.Bytes.CopyTo(target.Bytes);
    }

    public override int AliasedInput => 0;

    /// <summary>Elements known of a vector or scalar stay known when it becomes a scalar or vector.</summary>
    private protected static void PassDimensions(InferenceContext context, Shape? result)
    {
        if (result is { Rank: <= 1 } && context.Sizes(0) is { } sizes) context.SetOutputDimensions(0, sizes);
    }
}
