using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// Conv (ai.onnx 1, 11, 22): input [N, C, …], weights [M, C / group, …], bias [M]; one to three spatial axes. Passes add an activation and an addend of the output's shape (input 3).
/// </summary>
internal sealed class Conv : FloatOperator
{
    /// <summary>Sizes of inputs for which kernels are kept.</summary>
    private const int MostSizes = 8;

    private readonly Window _window;
    private readonly int _groups;
    private readonly Activation _activation;
    private readonly double[]? _factors;
    private readonly Lock _lock = new();
    private readonly List<Convolution> _packed = [];
    private TensorValue? _weights, _bias;
    private bool _hasConstants;

    /// <param name="factors">What the weights of each filter are multiplied by when they are packed, which must be constants then; null for 1.</param>
    public Conv(NodeInfo node, Activation activation = default, double[]? factors = null)
    {
        _window = new Window(node);
        (_activation, _factors) = (activation, factors);
        var groups = node.Int("group", 1);
        if (groups is < 1 or > int.MaxValue) throw node.Wrong($"group is {groups}");
        _groups = (int)groups;
    }

    public Activation Activation => _activation;

    public double[]? Factors => _factors;

    protected override void PrepareWide(PrepareContext context)
    {
        if (context.Constant(1) is not { Element: DataType.Float32 } weights || (context.Constant(2) is null && context.HasInput(2))) return;
        (_weights, _bias, _hasConstants) = (weights, context.Constant(2), true);
        if (context.Shape(0) is not { } input || input.Rank > 5 || input.Span[1..].ContainsAnyInRange(long.MinValue, 0)) return;
        _packed.Add(Pack(ConvolutionGeometry.Of(_window, _groups, input.Span, weights.Shape), weights));
        _weights = _bias = null;
        context.Forget(1);
        if (context.HasInput(2)) context.Forget(2);
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0), ConvolutionGeometry.Output(context, _window, _groups, 1));

    protected override long ComputeScratchBytes(RunContext context) =>
        context.Output(0).Count == 0 || context.Input(0).Element != DataType.Float32 ? 0 : Kernel(context).ScratchBytes(Math.Max(1, context.Threads));

    protected override void Compute(RunContext context)
    {
        var (input, weights, output) = (context.Input(0), context.Input(1), context.Output(0));
        var bias = context.OptionalInput(2);
        if (output.Count == 0) return;
        switch (input.Element)
        {
            case DataType.Float32:
                var kernel = context.State as Convolution ?? Kernel(context);
                context.State = kernel;
                var residual = context.HasInput(3) ? context.Input(3).Values<float>() : default;
                if (kernel.HasWeights) kernel.Run((int)input[0], input.Values<float>(), output.Values<float>(), residual, context.Scratch, context.Threads);
                else kernel.RunWith(weights.Values<float>(), bias is null ? default : bias.Values<float>(), (int)input[0], input.Values<float>(), output.Values<float>(), residual, context.Scratch, context.Threads);
                break;
            case DataType.Float64:
                ConvolutionLoops.Run(ShapeOf(input, weights), (int)input[0], input.Values<double>(), weights.Values<double>(), bias is null ? default : bias.Values<double>(), output.Values<double>());
                break;
            default:
                throw new RecordException($"Conv computes with floating-point numbers, not with {input.Type}");
        }
    }

    private Convolution Kernel(RunContext context)
    {
        var shape = ShapeOf(context.Input(0), context.Input(1));
        if (!_hasConstants || context.Input(0).Element != DataType.Float32)
        {
            return _factors is null ? Convolution.Create(shape, _activation) : throw new RecordException("weights with factors are constants, given by Prepare");
        }
        lock (_lock)
        {
            foreach (var kernel in _packed)
            {
                if (kernel.Shape.Equals(shape)) return kernel;
            }
            if (_weights is null) throw new RecordException($"an input {context.Input(0).Type} is given where the model's shapes promise others");
            var made = Resized(shape) ?? Pack(shape, _weights);
            // Seldom read again: packed weights serve most sizes.
            _weights.Discard();
            _packed.Add(made);
            if (_packed.Count > MostSizes) _packed.RemoveAt(0);
            return made;
        }
    }

    private Convolution? Resized(ConvolutionShape shape)
    {
        foreach (var kernel in _packed)
        {
            if (kernel.Resized(shape) is { } resized) return resized;
        }
        return null;
    }

    private unsafe Convolution Pack(ConvolutionShape shape, TensorValue weights)
    {
        ReadOnlySpan<float> values = weights.Values<float>(), bias = _bias is null ? default : _bias.Values<float>();
        if (_factors is null || values.IsEmpty) return Convolution.Create(shape, values, bias, _activation);
        // Memory that is given back at once: the collector would keep it until it next runs.
        var memory = (float*)NativeMemory.Alloc((nuint)values.Length, sizeof(float));
        try
        {
            var scaled = new Span<float>(memory, values.Length);
            var perFilter = values.Length / _factors.Length;
            for (var m = 0; m < _factors.Length; m++)
            {
                for (var i = m * perFilter; i < (m + 1) * perFilter; i++) scaled[i] = (float)(values[i] * _factors[m]);
            }
            return Convolution.Create(shape, scaled, bias, _activation);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    private ConvolutionShape ShapeOf(TensorValue input, TensorValue weights) => ConvolutionGeometry.Of(_window, _groups, input, weights);
}
