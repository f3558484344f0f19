namespace Slipway.Models.Kernels;

/// <summary>The steps of an <see cref="ElementwiseChain"/> on one block.</summary>
internal static class ChainSteps
{
    /// <param name="x">The block.</param>
    /// <param name="y">As long; the same memory or none of it.</param>
    /// <param name="other">As long, for steps with a second operand.</param>
    public static void Run(in ChainStep step, ReadOnlySpan<float> x, Span<float> y, ReadOnlySpan<float> other)
    {
        switch (step.Operation)
        {
            case ChainOperation.Add: ActivationMap.Map(new Activations.Add(step.Alpha), x, y); break;
            case ChainOperation.Multiply: ActivationMap.Map(new Activations.Multiply(step.Alpha), x, y); break;
            case ChainOperation.Divide: ActivationMap.Map(new Activations.Divide(step.Alpha), x, y); break;
            case ChainOperation.SubtractFrom: ActivationMap.Map(new Activations.SubtractFrom(step.Alpha), x, y); break;
            case ChainOperation.DivideInto: ActivationMap.Map(new Activations.DivideInto(step.Alpha), x, y); break;
            case ChainOperation.Power: VectorMath.Pow(x, [step.Alpha], y); break;
            case ChainOperation.AddPerChannel or ChainOperation.AddOther: Elementwise.Run<float, AddOperator<float>>(x, other, y); break;
            case ChainOperation.MultiplyPerChannel or ChainOperation.MultiplyOther: Elementwise.Run<float, MulOperator<float>>(x, other, y); break;
            case ChainOperation.Clip: ActivationMap.Map(new Activations.Clip(step.Alpha, step.Beta), x, y); break;
            case ChainOperation.LeakyRelu: ActivationMap.Map(new Activations.LeakyRelu(step.Alpha), x, y); break;
            case ChainOperation.ThresholdedRelu: ActivationMap.Map(new Activations.ThresholdedRelu(step.Alpha), x, y); break;
            case ChainOperation.Selu: ActivationMap.Map(new Activations.Selu(step.Alpha, step.Beta), x, y); break;
            case ChainOperation.Celu: ActivationMap.Map(new Activations.Celu(step.Alpha), x, y); break;
            case ChainOperation.HardSigmoid: ActivationMap.Map(new Activations.HardSigmoid(step.Alpha, step.Beta), x, y); break;
            case ChainOperation.Shrink: ActivationMap.Map(new Activations.Shrink(step.Alpha, step.Beta), x, y); break;
            case ChainOperation.Swish: ActivationMap.Map(new Activations.Swish(step.Alpha), x, y); break;
            case ChainOperation.Abs: ActivationMap.Map(new Activations.Abs(), x, y); break;
            case ChainOperation.Negate: ActivationMap.Map(new Activations.Negate(), x, y); break;
            case ChainOperation.Sqrt: ActivationMap.Map(new Activations.Sqrt(), x, y); break;
            case ChainOperation.Relu: ActivationMap.Map(new Activations.Relu(), x, y); break;
            case ChainOperation.HardSwish: ActivationMap.Map(new Activations.HardSwish(), x, y); break;
            case ChainOperation.Softsign: ActivationMap.Map(new Activations.Softsign(), x, y); break;
            case ChainOperation.Exp: VectorMath.Exp(x, y); break;
            case ChainOperation.ExpM1: VectorMath.ExpM1(x, y); break;
            case ChainOperation.Log: VectorMath.Log(x, y); break;
            case ChainOperation.Log1P: VectorMath.Log1P(x, y); break;
            case ChainOperation.Tanh: VectorMath.Tanh(x, y); break;
            case ChainOperation.Sigmoid: VectorMath.Sigmoid(x, y); break;
            case ChainOperation.Silu: VectorMath.Silu(x, y); break;
            case ChainOperation.Softplus: VectorMath.Softplus(x, y); break;
            case ChainOperation.Mish: VectorMath.Mish(x, y); break;
            case ChainOperation.Erf: VectorMath.Erf(x, y); break;
            case ChainOperation.Gelu: VectorMath.Gelu(x, y); break;
            case ChainOperation.GeluTanh: VectorMath.GeluTanh(x, y); break;
            case ChainOperation.Sin: VectorMath.Sin(x, y); break;
            case ChainOperation.Cos: VectorMath.Cos(x, y); break;
            default: throw new ArgumentOutOfRangeException(nameof(step), step.Operation, "no such step");
        }
    }
}
