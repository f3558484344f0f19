using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>The <c>activation</c> of fused operators.</summary>
internal static class FusedActivation
{
    public static Activation Of(NodeInfo node)
    {
        var parameters = node.Floats("activation_params") ?? [];
        var alpha = node.Float("activation_alpha", parameters.Length > 0 ? parameters[0] : 0.01f);
        var beta = node.Float("activation_beta", parameters.Length > 1 ? parameters[1] : 0);
        return node.Text("activation", "") switch
        {
            "" => default,
            "Relu" => Activation.Relu,
            "Sigmoid" => Activation.Sigmoid,
            "Tanh" => Activation.Tanh,
            "LeakyRelu" => Activation.LeakyRelu(alpha),
            "HardSigmoid" => Activation.HardSigmoid(alpha, beta),
            "Clip" when parameters.Length == 2 => Activation.Clip(parameters[0], parameters[1]),
            var other => throw node.Unsupported($"the activation '{other}'"),
        };
    }
}
