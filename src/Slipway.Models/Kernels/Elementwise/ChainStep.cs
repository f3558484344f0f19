namespace Slipway.Models.Kernels;

/// <summary>What a step of an <see cref="ElementwiseChain"/> does to each number x; the names of <see cref="Functions"/> and <see cref="Activations"/>.</summary>
internal enum ChainOperation
{
    /// <summary>x + alpha.</summary>
    Add,

    /// <summary>x · alpha.</summary>
    Multiply,

    /// <summary>x / alpha.</summary>
    Divide,

    /// <summary>alpha − x.</summary>
    SubtractFrom,

    /// <summary>alpha / x.</summary>
    DivideInto,

    /// <summary>x to the power alpha.</summary>
    Power,

    /// <summary>x + the channel's number.</summary>
    AddPerChannel,

    /// <summary>x · the channel's number.</summary>
    MultiplyPerChannel,

    /// <summary>x + the other tensor's element.</summary>
    AddOther,

    /// <summary>x · the other tensor's element.</summary>
    MultiplyOther,

    Abs,
    Negate,
    Sqrt,
    Relu,

    /// <summary>Between alpha and beta.</summary>
    Clip,
    LeakyRelu,
    ThresholdedRelu,

    /// <summary>With alpha, and gamma as beta: 1 for Elu.</summary>
    Selu,
    Celu,
    HardSigmoid,
    HardSwish,
    Softsign,

    /// <summary>With lambda as alpha and bias as beta.</summary>
    Shrink,
    Swish,
    Exp,
    ExpM1,
    Log,
    Log1P,
    Tanh,
    Sigmoid,
    Silu,
    Softplus,
    Mish,
    Erf,
    Gelu,
    GeluTanh,
    Sin,
    Cos,
}

/// <summary>A step of an <see cref="ElementwiseChain"/>.</summary>
/// <param name="Operation">What is done.</param>
/// <param name="Alpha">Its first constant, where it has one.</param>
/// <param name="Beta">Its second constant, where it has two.</param>
/// <param name="PerChannel">A number for each channel, where it takes them.</param>
internal readonly record struct ChainStep(ChainOperation Operation, float Alpha = 0, float Beta = 0, float[]? PerChannel = null)
{
    public bool IsPerChannel => Operation is ChainOperation.AddPerChannel or ChainOperation.MultiplyPerChannel;

    public bool TakesOther => Operation is ChainOperation.AddOther or ChainOperation.MultiplyOther;
}
