namespace Slipway.Models.Kernels;

/// <summary>
/// A convolution as the product of weights [filters, channels · taps] and columns [channels · taps, outputs]: the columns are copied into the product's panels from the
/// padded input while it runs. The output needs no reordering, and a pointwise convolution no padded input.
/// </summary>
internal sealed unsafe class PanelConvolution : Convolution
{
    private readonly TapPlanes _planes;
    private readonly GemmDriver<float> _driver;
    private readonly GemmKernel _vectors;
    private readonly PackedRows<float>[] _weights;
    private State? _idle;

    public PanelConvolution(ConvolutionShape shape, Activation activation, ReadOnlySpan<float> weights, float[]? bias, GemmKernel vectors)
        : this(shape, activation, Pack(shape, weights, vectors), bias, vectors)
    {
    }

    private PanelConvolution(ConvolutionShape shape, Activation activation, PackedRows<float>[] weights, float[]? bias, GemmKernel vectors)
        : base(shape, activation, weights.Length > 0, bias)
    {
        _planes = new TapPlanes(shape.Window, shape.Channels);
        _driver = GemmDriver<float>.For(vectors);
        _vectors = vectors;
        _weights = weights;
    }

    public override Convolution? Resized(ConvolutionShape shape) => Shares(shape, ConvolutionKernel.Panels, _vectors) ? new PanelConvolution(shape, Activation, _weights, Bias, _vectors) : null;

    private static PackedRows<float>[] Pack(ConvolutionShape shape, ReadOnlySpan<float> weights, GemmKernel vectors)
    {
        var packed = weights.IsEmpty ? [] : new PackedRows<float>[shape.Groups];
        for (var group = 0; group < packed.Length; group++)
        {
            var length = shape.FiltersPerGroup * shape.WeightsPerFilter;
            packed[group] = PackedRows<float>.Pack(shape.FiltersPerGroup, shape.WeightsPerFilter, weights.Slice(group * length, length), shape.WeightsPerFilter, 1, vectors);
        }
        return packed;
    }

    public override long ScratchBytes(int threads) =>
        _planes.IsInput ? 0 : Alignment + (((long)_planes.ChannelPitch * Shape.Channels) + WindowColumns.Slack) * sizeof(float);

    protected override void Run(in ConvolutionOperands operands)
    {
        var state = Interlocked.Exchange(ref _idle, null) ?? new State(Shape, _planes);
        for (var item = 0; item < operands.Batch; item++) Run(operands, item, state);
        Volatile.Write(ref _idle, state);
    }

    private void Run(in ConvolutionOperands operands, int item, State state)
    {
        var input = operands.Input + ((nint)item * Shape.InputLength);
        var planes = input;
        var end = input + Shape.InputLength;
        if (!_planes.IsInput)
        {
            planes = (float*)operands.Scratch;
            end = planes + ((nint)_planes.ChannelPitch * Shape.Channels) + WindowColumns.Slack;
            state.Fill.Run(input, planes, operands.Threads);
        }
        var problem = new GemmProblem<float>
        {
            M = Shape.FiltersPerGroup,
            N = Shape.OutputPixels,
            K = Shape.WeightsPerFilter,
            APacked = HasWeights,
            ARow = Shape.WeightsPerFilter,
            AColumn = 1,
            BRow = Shape.OutputPixels,
            BColumn = 1,
            // A single tap sees the planes as they are.
            Columns = Shape.Taps == 1 ? null : state.Columns,
            CRow = Shape.OutputPixels,
            Epilogue = Epilogue(operands, item),
        };
        for (var group = 0; group < Shape.Groups; group++)
        {
            problem.A = HasWeights ? _weights[group].Pointer : operands.Weights + ((nint)group * Shape.FiltersPerGroup * Shape.WeightsPerFilter);
            problem.C = operands.Output + ((nint)item * Shape.OutputLength) + ((nint)group * Shape.FiltersPerGroup * Shape.OutputPixels);
            problem.B = planes + ((nint)group * Shape.ChannelsPerGroup * _planes.ChannelPitch);
            state.Columns.Set(problem.B, end);
            GemmWork<float>.Run(_driver, problem, 1, 0, 0, 0, operands.Threads);
            problem.Epilogue = Next(problem.Epilogue);
        }
    }

    /// <summary>What is done to the outputs of the next group.</summary>
    private EpilogueLoop<float> Next(EpilogueLoop<float> epilogue)
    {
        if (epilogue.Bias != null) epilogue.Bias += Shape.FiltersPerGroup;
        if (epilogue.Residual != null) epilogue.Residual += (nint)Shape.FiltersPerGroup * Shape.OutputPixels;
        return epilogue;
    }

    /// <summary>What one run at a time may use.</summary>
    private sealed class State(ConvolutionShape shape, TapPlanes planes)
    {
        public PlaneFill Fill { get; } = new(shape, planes);

        public WindowColumns Columns { get; } = new(shape, planes);
    }
}
