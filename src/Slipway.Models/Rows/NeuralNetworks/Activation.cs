namespace Slipway.Models.Rows.NeuralNetworks;

/// <summary>PMML 4.4.1, Neural Network: ACTIVATION-FUNCTION.</summary>
internal enum Activation : byte
{
    Threshold,
    Logistic,
    Tanh,
    Identity,
    Exponential,
    Reciprocal,
    Square,
    Gauss,
    Sine,
    Cosine,
    Elliott,
    Arctan,
    Rectifier,
    RadialBasis,
}

internal static class Activations
{
    /// <summary>Of a neuron's input; of a radial basis function what is in its exponent.</summary>
    /// <param name="threshold">Above it, <see cref="Activation.Threshold"/> is 1.</param>
    public static void Apply(Activation activation, double threshold, Span<double> values)
    {
        if (activation == Activation.Identity) return;
        foreach (ref var value in values) value = Of(activation, threshold, value);
    }

    private static double Of(Activation activation, double threshold, double z) => activation switch
    {
        Activation.Threshold => z > threshold ? 1 : 0,
        Activation.Logistic => 1 / (1 + Math.Exp(-z)),
        Activation.Tanh => Math.Tanh(z),
        Activation.Exponential or Activation.RadialBasis => Math.Exp(z),
        Activation.Reciprocal => 1 / z,
        Activation.Square => z * z,
        Activation.Gauss => Math.Exp(-(z * z)),
        Activation.Sine => Math.Sin(z),
        Activation.Cosine => Math.Cos(z),
        Activation.Elliott => z / (1 + Math.Abs(z)),
        Activation.Arctan => 2 * Math.Atan(z) / Math.PI,
        Activation.Rectifier => Math.Max(0, z),
        _ => z,
    };
}
