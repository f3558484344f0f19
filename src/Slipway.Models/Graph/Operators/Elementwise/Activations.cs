using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Activations with parameters; each reads its attributes once.</summary>
internal static class Activations
{
    public static Operator Gelu(NodeInfo node) => node.Text("approximate", "none") switch
    {
        "none" => new FunctionOperator(VectorMath.Gelu, VectorMath.Gelu) { Activation = Activation.Gelu },
        "tanh" => new FunctionOperator(VectorMath.GeluTanh, VectorMath.GeluTanh) { Activation = Activation.GeluTanh },
        var other => throw node.Wrong($"approximate must be none or tanh, it is '{other}'"),
    };

    public static Operator Swish(NodeInfo node) => Swish(node.Float("alpha", 1));

    public static Operator Swish(float alpha) => alpha == 1
        ? new FunctionOperator(VectorMath.Silu, VectorMath.Silu) { Activation = Activation.Silu }
        : Of(new Kernels.Activations.Swish(alpha), (x, y) => RealFunctions.Swish(x, y, alpha));

    public static Operator HardSwish(NodeInfo node) => Of(new Kernels.Activations.HardSwish(), RealFunctions.HardSwish, Activation.HardSwish);

    public static Operator Softsign(NodeInfo node) => Of(new Kernels.Activations.Softsign(), RealFunctions.Softsign);

    public static Operator LeakyRelu(NodeInfo node)
    {
        var alpha = node.Float("alpha", 0.01f);
        return Of(new Kernels.Activations.LeakyRelu(alpha), (x, y) => BinaryLoops.Run<NumberOperations.Slope, double>(x, [alpha], y), Activation.LeakyRelu(alpha));
    }

    public static Operator ThresholdedRelu(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        return Of(new Kernels.Activations.ThresholdedRelu(alpha), (x, y) => RealFunctions.Threshold(x, y, alpha));
    }

    public static Operator Elu(NodeInfo node) => Elu(node.Float("alpha", 1), 1);

    public static Operator Selu(NodeInfo node) => node.Version < 6
        ? Elu(node.Float("alpha", 1.6732f), node.Float("gamma", 1.0507f))
        : Elu(node.Float("alpha", 1.67326319217681884765625f), node.Float("gamma", 1.05070102214813232421875f));

    public static Operator Celu(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        if (alpha == 0) throw node.Wrong("alpha must not be 0");
        return Of(new Kernels.Activations.Celu(alpha), (x, y) => RealFunctions.Celu(x, y, alpha));
    }

    public static Operator HardSigmoid(NodeInfo node)
    {
        var alpha = node.Float("alpha", 0.2f);
        var beta = node.Float("beta", 0.5f);
        return Of(new Kernels.Activations.HardSigmoid(alpha, beta), (x, y) => RealFunctions.HardSigmoid(x, y, alpha, beta), Activation.HardSigmoid(alpha, beta));
    }

    public static Operator Affine(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        var beta = node.Float("beta", 0);
        return new FunctionOperator((x, y) => RealFunctions.Affine(x, y, alpha, beta), (x, y) => RealFunctions.Affine(x, y, alpha, beta));
    }

    public static Operator Scale(NodeInfo node)
    {
        var scale = node.Float("scale", 1);
        return new FunctionOperator((x, y) => BinaryLoops.Run<NumberOperations.Multiply, float>(x, [scale], y), (x, y) => BinaryLoops.Run<NumberOperations.Multiply, double>(x, [scale], y));
    }

    public static Operator ScaledTanh(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        var beta = node.Float("beta", 1);
        return new FunctionOperator((x, y) => RealFunctions.Scaled(x, y, alpha, beta, VectorMath.Tanh), (x, y) => RealFunctions.Scaled(x, y, alpha, beta, VectorMath.Tanh));
    }

    public static Operator ParametricSoftplus(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        var beta = node.Float("beta", 1);
        return new FunctionOperator((x, y) => RealFunctions.Scaled(x, y, alpha, beta, VectorMath.Softplus), (x, y) => RealFunctions.Scaled(x, y, alpha, beta, VectorMath.Softplus));
    }

    private static FunctionOperator Elu(float alpha, float gamma) => Of(new Kernels.Activations.Selu(alpha, gamma), (x, y) => RealFunctions.Elu(x, y, alpha, gamma));

    private static FunctionOperator Of<TActivation>(TActivation ofSingle, ElementMap<double> ofDouble, Activation activation = default) where TActivation : struct, IActivation =>
        new((x, y) => ActivationMap.Map(ofSingle, x, y), ofDouble) { Activation = activation };
}
