namespace Slipway.Models.Graph;

/// <summary>Activations with parameters; each reads its attributes once.</summary>
internal static class Activations
{
    public static Operator Gelu(NodeInfo node) => node.Text("approximate", "none") switch
    {
        "none" => new FunctionOperator(RealFunctions.Gelu),
        "tanh" => new FunctionOperator(RealFunctions.GeluTanh),
        var other => throw node.Wrong($"approximate must be none or tanh, it is '{other}'"),
    };

    public static Operator Swish(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        return new FunctionOperator(x => RealFunctions.Swish(x, alpha));
    }

    public static Operator LeakyRelu(NodeInfo node)
    {
        var alpha = node.Float("alpha", 0.01f);
        return new FunctionOperator((x, y) => BinaryLoops.Run<NumberOperations.Slope, float>(x, [alpha], y), x => x < 0 ? alpha * x : x);
    }

    public static Operator ThresholdedRelu(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        return new FunctionOperator(x => x > alpha ? x : 0);
    }

    public static Operator Elu(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        return new FunctionOperator(x => RealFunctions.Elu(x, alpha));
    }

    public static Operator Celu(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        return alpha != 0 ? new FunctionOperator(x => RealFunctions.Celu(x, alpha)) : throw node.Wrong("alpha must not be 0");
    }

    public static Operator Selu(NodeInfo node)
    {
        var alpha = node.Float("alpha", node.Version < 6 ? 1.6732f : 1.67326319217681884765625f);
        var gamma = node.Float("gamma", node.Version < 6 ? 1.0507f : 1.05070102214813232421875f);
        return new FunctionOperator(x => gamma * RealFunctions.Elu(x, alpha));
    }

    public static Operator HardSigmoid(NodeInfo node)
    {
        var alpha = node.Float("alpha", 0.2f);
        var beta = node.Float("beta", 0.5f);
        return new FunctionOperator(x => RealFunctions.HardSigmoid(x, alpha, beta));
    }

    public static Operator Affine(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        var beta = node.Float("beta", 0);
        return new FunctionOperator(x => alpha * x + beta);
    }

    public static Operator Scale(NodeInfo node)
    {
        var scale = node.Float("scale", 1);
        return new FunctionOperator(x => scale * x);
    }

    public static Operator ScaledTanh(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        var beta = node.Float("beta", 1);
        return new FunctionOperator(x => alpha * Math.Tanh(beta * x));
    }

    public static Operator ParametricSoftplus(NodeInfo node)
    {
        var alpha = node.Float("alpha", 1);
        var beta = node.Float("beta", 1);
        return new FunctionOperator(x => alpha * RealFunctions.Softplus(beta * x));
    }
}
