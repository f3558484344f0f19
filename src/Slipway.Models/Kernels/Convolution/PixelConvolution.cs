namespace Slipway.Models.Kernels;

/// <summary>A convolution of one pixel by windows of one tap, as behind global poolings: a product of items [batch, channels] and weights [channels, filters].</summary>
internal sealed unsafe class PixelConvolution : Convolution
{
    private readonly GemmDriver<float> _driver;
    private readonly PackedMatrix<float> _weights;

    public PixelConvolution(ConvolutionShape shape, Activation activation, ReadOnlySpan<float> weights, float[]? bias, GemmKernel vectors)
        : base(shape, activation, hasWeights: true, bias)
    {
        _driver = GemmDriver<float>.For(vectors);
        _weights = PackedMatrix<float>.Pack(shape.Channels, shape.Filters, weights, 1, shape.Channels, vectors);
    }

    public static bool Supports(ConvolutionShape shape) => shape.InputPixels == 1 && shape.Groups == 1 && DirectConvolution.ReadsInput(shape);

    public override long ScratchBytes(int threads) => 0;

    protected override void Run(in ConvolutionOperands operands)
    {
        var problem = new GemmProblem<float>
        {
            M = operands.Batch,
            N = Shape.Filters,
            K = Shape.Channels,
            A = operands.Input,
            ARow = Shape.Channels,
            AColumn = 1,
            B = _weights.Pointer,
            BPacked = true,
            C = operands.Output,
            CRow = Shape.Filters,
            Epilogue = Epilogue(operands, 0) with { BiasKind = operands.Bias == null ? BiasKind.None : BiasKind.PerColumn, ResidualRow = Shape.Filters },
        };
        GemmWork<float>.Run(_driver, problem, 1, 0, 0, 0, operands.Threads);
    }
}
