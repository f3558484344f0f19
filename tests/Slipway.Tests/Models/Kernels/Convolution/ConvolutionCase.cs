using Slipway.Models.Kernels;

namespace Slipway.Tests.Models.Kernels;

/// <summary>A convolution with seeded numbers, and its answer by the definition.</summary>
internal sealed class ConvolutionCase
{
    public ConvolutionCase(ConvolutionShape shape, int batch, int seed, bool hasBias = true, bool hasResidual = false, Activation activation = default)
    {
        var random = new Random(seed);
        Shape = shape;
        Batch = batch;
        Activation = activation;
        Weights = Numbers(random, shape.WeightsLength);
        Bias = hasBias ? Numbers(random, shape.Filters) : [];
        Input = Numbers(random, batch * shape.InputLength);
        Residual = hasResidual ? Numbers(random, batch * shape.OutputLength) : [];
        Expected = Answer();
    }

    public ConvolutionShape Shape { get; }
    public int Batch { get; }
    public Activation Activation { get; }
    public float[] Weights { get; }
    public float[] Bias { get; }
    public float[] Input { get; }
    public float[] Residual { get; }
    public float[] Expected { get; }

    public static float[] Numbers(Random random, int count)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++) numbers[i] = (random.NextSingle() * 2) - 1;
        return numbers;
    }

    /// <summary>Runs with exactly the scratch memory asked for, all NaN before, and an output of NaNs.</summary>
    public float[] Run(ConvolutionKernel kernel, GemmKernel vectors, int threads, bool constantWeights = true)
    {
        var output = new float[Batch * Shape.OutputLength];
        Array.Fill(output, float.NaN);
        var convolution = constantWeights ? Convolution.Create(Shape, Weights, Bias, Activation, kernel, vectors) : Convolution.Create(Shape, Activation, kernel, vectors);
        var scratch = new byte[convolution.ScratchBytes(threads)];
        Array.Fill(scratch, (byte)0xFF);
        if (constantWeights) convolution.Run(Batch, Input, output, Residual, scratch, threads);
        else convolution.RunWith(Weights, Bias, Batch, Input, output, Residual, scratch, threads);
        return output;
    }

    private float[] Answer()
    {
        var output = new float[Batch * Shape.OutputLength];
        for (var item = 0; item < Batch; item++)
        {
            ConvolutionReference.Run(Shape, Weights, Input.AsSpan(item * Shape.InputLength, Shape.InputLength), output.AsSpan(item * Shape.OutputLength, Shape.OutputLength));
        }
        for (var i = 0; i < output.Length; i++)
        {
            if (Bias.Length > 0) output[i] += Bias[i / Shape.OutputPixels % Shape.Filters];
            if (Residual.Length > 0) output[i] += Residual[i];
            output[i] = Activation.Kind switch
            {
                ActivationKind.Relu => Math.Max(output[i], 0),
                ActivationKind.Clip => Math.Clamp(output[i], (float)Activation.Alpha, (float)Activation.Beta),
                ActivationKind.LeakyRelu => output[i] < 0 ? output[i] * (float)Activation.Alpha : output[i],
                ActivationKind.HardSigmoid => Math.Clamp((output[i] * (float)Activation.Alpha) + (float)Activation.Beta, 0, 1),
                ActivationKind.HardSwish => output[i] * Math.Clamp((output[i] * (float)(1.0 / 6)) + 0.5f, 0, 1),
                _ => output[i],
            };
        }
        return output;
    }
}
