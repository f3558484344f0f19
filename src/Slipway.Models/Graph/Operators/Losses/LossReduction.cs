namespace Slipway.Models.Graph;

/// <summary>What is made of the losses of single elements.</summary>
internal enum LossReduction
{
    None,
    Sum,
    Mean,
}

internal static class LossReductions
{
    public static LossReduction Read(NodeInfo node) => node.Text("reduction", "mean") switch
    {
        "none" => LossReduction.None,
        "sum" => LossReduction.Sum,
        "mean" => LossReduction.Mean,
        var other => throw node.Wrong($"reduction must be none, sum or mean, it is '{other}'"),
    };
}
