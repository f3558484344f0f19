namespace Slipway.Models.Kernels;

/// <summary>The functions of one variable that a kernel applies to its output while it is hot.</summary>
internal enum ActivationKind
{
    None,

    /// <summary>0 where x &lt; 0, else x.</summary>
    Relu,

    /// <summary>min(max(x, alpha), beta).</summary>
    Clip,

    /// <summary>alpha·x where x &lt; 0, else x.</summary>
    LeakyRelu,

    /// <summary>min(max(alpha·x + beta, 0), 1), product and sum rounded each.</summary>
    HardSigmoid,

    /// <summary>x · min(max(x/6 + 1/2, 0), 1), x/6 as a product with 1/6.</summary>
    HardSwish,

    /// <summary><see cref="Float32.Sigmoid"/>; float32 only, as all that follow.</summary>
    Sigmoid,

    /// <summary><see cref="Float32.Tanh"/>.</summary>
    Tanh,

    /// <summary><see cref="Float32.Silu"/>: Swish.</summary>
    Silu,

    /// <summary><see cref="Float32.Gelu"/>: by the error function.</summary>
    Gelu,

    /// <summary><see cref="Float32.GeluTanh"/>: by the hyperbolic tangent.</summary>
    GeluTanh,
}

/// <summary>A function of one variable with its constants. NaN stays NaN.</summary>
internal readonly record struct Activation(ActivationKind Kind, double Alpha = 0, double Beta = 0)
{
    public static Activation None => default;

    public static Activation Relu => new(ActivationKind.Relu);

    public static Activation HardSwish => new(ActivationKind.HardSwish);

    public static Activation Sigmoid => new(ActivationKind.Sigmoid);

    public static Activation Tanh => new(ActivationKind.Tanh);

    public static Activation Silu => new(ActivationKind.Silu);

    public static Activation Gelu => new(ActivationKind.Gelu);

    public static Activation GeluTanh => new(ActivationKind.GeluTanh);

    /// <summary>There is no float64 form: apply it as an operation of its own.</summary>
    public bool IsFloat32Only => Kind >= ActivationKind.Sigmoid;

    public static Activation Clip(double min, double max) => new(ActivationKind.Clip, min, max);

    public static Activation LeakyRelu(double alpha) => new(ActivationKind.LeakyRelu, alpha);

    public static Activation HardSigmoid(double alpha, double beta) => new(ActivationKind.HardSigmoid, alpha, beta);
}
