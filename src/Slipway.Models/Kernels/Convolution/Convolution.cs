using Slipway.Core;

namespace Slipway.Models.Kernels;

/// <summary>
/// Convolution of float32 tensors in the layout of ONNX (channels before pixels), made for one shape. With constant weights these are packed once, here; then the run
/// allocates nothing, is safe from many threads at once, and needs only scratch memory.
/// </summary>
/// <remarks>
/// Every output is one chain <c>s = fma(input, weight, s)</c> from s = 0 in the order channel, depth, height, width of the window, where a tap over the padding counts
/// as a zero; then bias, residual and activation, each operation rounded. So the bits are the same for every kernel, vector width, thread count and position in a
/// batch. Winograd's transforms are left out for that reason: they would add terms of different windows before they multiply.
/// </remarks>
internal abstract unsafe class Convolution
{
    /// <summary>From which on tensors of a run lie in scratch memory: the widest vector, in bytes.</summary>
    protected const int Alignment = 64;

    private protected Convolution(ConvolutionShape shape, Activation activation, bool hasWeights, float[]? bias)
    {
        Shape = shape;
        Activation = activation;
        HasWeights = hasWeights;
        Bias = bias;
    }

    public ConvolutionShape Shape { get; }

    /// <summary>Applied to every output.</summary>
    public Activation Activation { get; }

    /// <summary>The weights are constants and packed; else each run brings them.</summary>
    public bool HasWeights { get; }

    /// <summary>The constant bias, one value for each filter.</summary>
    protected float[]? Bias { get; }

    /// <summary>A convolution with constant weights.</summary>
    /// <param name="shape">Of one item.</param>
    /// <param name="weights"><see cref="ConvolutionShape.WeightsLength"/> values; not kept.</param>
    /// <param name="bias">One value for each filter, or empty; not kept.</param>
    /// <param name="activation">Applied to every output.</param>
    /// <param name="kernel">Tests and benchmarks force one.</param>
    /// <param name="vectors">The micro-kernel behind it; tests force one.</param>
    /// <exception cref="ModelException">Weights or bias do not have the length that the shape says.</exception>
    public static Convolution Create(
        ConvolutionShape shape, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Activation activation = default,
        ConvolutionKernel kernel = ConvolutionKernel.Automatic, GemmKernel vectors = GemmKernel.Automatic)
    {
        RequireLength("weights", shape.WeightsLength, weights.Length);
        if (!bias.IsEmpty) RequireLength("bias", shape.Filters, bias.Length);
        float[]? kept = bias.IsEmpty ? null : bias.ToArray();
        return Resolve(shape, kernel, vectors) switch
        {
            ConvolutionKernel.Depthwise => new DepthwiseConvolution(shape, activation, weights.ToArray(), kept, vectors),
            ConvolutionKernel.DepthwiseRows => new DepthwiseRowConvolution(shape, activation, weights.ToArray(), kept),
            ConvolutionKernel.Direct => new DirectConvolution(shape, activation, weights, kept, vectors),
            ConvolutionKernel.Pixel => new PixelConvolution(shape, activation, weights, kept, vectors),
            ConvolutionKernel.Plane => new PlaneConvolution(shape, activation, weights, kept),
            _ => new PanelConvolution(shape, activation, weights, kept, vectors),
        };
    }

    /// <summary>Whether a kernel takes a shape.</summary>
    public static bool Supports(ConvolutionShape shape, ConvolutionKernel kernel, GemmKernel vectors = GemmKernel.Automatic) => kernel switch
    {
        ConvolutionKernel.Depthwise => shape.ChannelsPerGroup == 1,
        ConvolutionKernel.DepthwiseRows => DepthwiseRowConvolution.Supports(shape, vectors),
        ConvolutionKernel.Direct => DirectConvolution.Supports(shape, vectors),
        ConvolutionKernel.Pixel => PixelConvolution.Supports(shape),
        ConvolutionKernel.Plane => PlaneConvolution.Supports(shape, vectors),
        _ => true,
    };

    /// <summary>A convolution whose weights come with every run.</summary>
    /// <inheritdoc cref="Create(ConvolutionShape, ReadOnlySpan{float}, ReadOnlySpan{float}, Activation, ConvolutionKernel, GemmKernel)"/>
    public static Convolution Create(ConvolutionShape shape, Activation activation = default, ConvolutionKernel kernel = ConvolutionKernel.Automatic, GemmKernel vectors = GemmKernel.Automatic) =>
        Resolve(shape, kernel, vectors) switch
        {
            ConvolutionKernel.Depthwise => new DepthwiseConvolution(shape, activation, null, null, vectors),
            ConvolutionKernel.DepthwiseRows => new DepthwiseRowConvolution(shape, activation, null, null),
            _ => new PanelConvolution(shape, activation, default, null, vectors),
        };

    /// <summary>The same convolution of inputs of another size with the weights that are packed already; null where another kernel serves that size better, or runs bring the weights.</summary>
    /// <param name="shape">As <see cref="Shape"/> in channels, filters, groups and taps.</param>
    public virtual Convolution? Resized(ConvolutionShape shape) => null;

    /// <summary>Bytes of scratch memory that a run needs, for a batch of any size.</summary>
    /// <param name="threads">As given to the run, or more.</param>
    public abstract long ScratchBytes(int threads);

    /// <summary>Convolves a batch.</summary>
    /// <param name="batch">Items, 0 or more.</param>
    /// <param name="input"><paramref name="batch"/> times <see cref="ConvolutionShape.InputLength"/>.</param>
    /// <param name="output"><paramref name="batch"/> times <see cref="ConvolutionShape.OutputLength"/>; overlaps nothing else.</param>
    /// <param name="residual">Added before the activation, as long as the output; or empty.</param>
    /// <param name="scratch"><see cref="ScratchBytes"/> bytes, of any content.</param>
    /// <param name="threads">Most threads to use, at least 1.</param>
    /// <exception cref="ArgumentException">A span does not have its length.</exception>
    /// <exception cref="InvalidOperationException">The weights are not constants.</exception>
    public void Run(int batch, ReadOnlySpan<float> input, Span<float> output, ReadOnlySpan<float> residual, Span<byte> scratch, int threads)
    {
        if (!HasWeights) throw new InvalidOperationException("this convolution was made without weights: give them to the run");
        Run(batch, default, Bias, input, output, residual, scratch, threads);
    }

    /// <summary>Convolves a batch with weights and bias of this run.</summary>
    /// <exception cref="InvalidOperationException">The weights are constants.</exception>
    /// <inheritdoc cref="Run(int, ReadOnlySpan{float}, Span{float}, ReadOnlySpan{float}, Span{byte}, int)"/>
    public void RunWith(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, int batch, ReadOnlySpan<float> input, Span<float> output, ReadOnlySpan<float> residual, Span<byte> scratch, int threads)
    {
        if (HasWeights) throw new InvalidOperationException("this convolution was made with weights: a run cannot bring others");
        Require(weights.Length == Shape.WeightsLength, "weights", Shape.WeightsLength, weights.Length);
        Require(bias.IsEmpty || bias.Length == Shape.Filters, "bias", Shape.Filters, bias.Length);
        Run(batch, weights, bias, input, output, residual, scratch, threads);
    }

    /// <summary>The run itself.</summary>
    protected abstract void Run(in ConvolutionOperands operands);

    /// <summary>What is done to the outputs of one item.</summary>
    protected EpilogueLoop<float> Epilogue(in ConvolutionOperands operands, int item) => new()
    {
        Bias = operands.Bias,
        BiasKind = operands.Bias == null ? BiasKind.None : BiasKind.PerRow,
        Residual = operands.Residual == null ? null : operands.Residual + ((nint)item * Shape.OutputLength),
        ResidualRow = Shape.OutputPixels,
        Alpha = 1,
        Beta = 1,
        Activation = Activation.Kind,
        Low = (float)Activation.Alpha,
        High = (float)Activation.Beta,
    };

    private void Run(int batch, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, ReadOnlySpan<float> input, Span<float> output, ReadOnlySpan<float> residual, Span<byte> scratch, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Require(input.Length == (long)batch * Shape.InputLength, "input", (long)batch * Shape.InputLength, input.Length);
        Require(output.Length == (long)batch * Shape.OutputLength, "output", (long)batch * Shape.OutputLength, output.Length);
        Require(residual.IsEmpty || residual.Length == output.Length, "residual", output.Length, residual.Length);
        Require(scratch.Length >= ScratchBytes(threads), "scratch memory", ScratchBytes(threads), scratch.Length);
        fixed (float* w = weights, b = bias, i = input, o = output, r = residual)
        fixed (byte* s = scratch)
        {
            Run(new ConvolutionOperands { Batch = batch, Threads = threads, Weights = w, Bias = b, Input = i, Output = o, Residual = r, Scratch = Align(s) });
        }
        GC.KeepAlive(this);
    }

    private static byte* Align(byte* scratch) => scratch + (-(nint)scratch & (Alignment - 1));

    /// <summary>Whether weights packed for this convolution fit one of another size, which is served best by the same kernel.</summary>
    private protected bool Shares(ConvolutionShape shape, ConvolutionKernel kernel, GemmKernel vectors) =>
        HasWeights && shape.WeightsLength == Shape.WeightsLength && shape.Filters == Shape.Filters && shape.Groups == Shape.Groups && Resolve(shape, ConvolutionKernel.Automatic, vectors) == kernel;

    private static ConvolutionKernel Resolve(ConvolutionShape shape, ConvolutionKernel kernel, GemmKernel vectors)
    {
        if (kernel == ConvolutionKernel.Automatic)
        {
            if (shape.IsDepthwise) return DepthwiseRowConvolution.Supports(shape, vectors) ? ConvolutionKernel.DepthwiseRows : ConvolutionKernel.Depthwise;
            if (PixelConvolution.Supports(shape)) return ConvolutionKernel.Pixel;
            if (PlaneConvolution.Supports(shape, vectors)) return ConvolutionKernel.Plane;
            return DirectConvolution.Supports(shape, vectors) ? ConvolutionKernel.Direct : ConvolutionKernel.Panels;
        }
        return Supports(shape, kernel, vectors) ? kernel : throw new ArgumentException($"the kernel {kernel} does not take this shape: {shape}", nameof(kernel));
    }

    private static void RequireLength(string what, int expected, int found)
    {
        if (expected != found) throw new ModelException($"a convolution's {what} should have {expected} elements and has {found}");
    }

    private static void Require(bool holds, string what, long expected, long found)
    {
        if (!holds) throw new ArgumentException($"a convolution's {what} should have the length {expected} and has {found}", what);
    }
}
