namespace Slipway.Models.Kernels;

/// <summary>The functions of one variable that a kernel applies to its output while it is hot.</summary>
internal enum ActivationKind
{
    None,

    /// <summary>max(x, 0); NaN stays.</summary>
    Relu,

    /// <summary>min(max(x, alpha), beta); NaN stays.</summary>
    Clip,

    /// <summary>x where x ≥ 0, else alpha·x.</summary>
    LeakyRelu,

    /// <summary>min(max(alpha·x + beta, 0), 1), product and sum rounded each.</summary>
    HardSigmoid,

    /// <summary>x · min(max(x/6 + 1/2, 0), 1).</summary>
    HardSwish,
}

/// <summary>A function of one variable with its constants.</summary>
internal readonly record struct Activation(ActivationKind Kind, double Alpha = 0, double Beta = 0)
{
    public static Activation None => default;

    public static Activation Relu => new(ActivationKind.Relu);

    public static Activation Clip(double min, double max) => new(ActivationKind.Clip, min, max);

    public static Activation LeakyRelu(double alpha) => new(ActivationKind.LeakyRelu, alpha);

    public static Activation HardSigmoid(double alpha, double beta) => new(ActivationKind.HardSigmoid, alpha, beta);

    public static Activation HardSwish => new(ActivationKind.HardSwish);
}
