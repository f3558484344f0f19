
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// Conv (ai.onnx 1, 11, 22): input [N, C, …], weights [M, C / group, …], bias [M]; one to three spatial axes. Passes add an activation and an addend of the output's shape (input 3).
/// </summary>
internal sealed class Conv : FloatOperator
{
    private readonly Window _window;
    private readonly int _groups;
    private readonly Activation _activation;
    private readonly Lock _lock = new();
    private readonly List<(ConvolutionShape Shape, Convolution Kernel)> _packed = [];
    private TensorValue? _weights, _bias;
    private bool _hasConstants;

    public Conv(NodeInfo node, Activation activation = default)
    {
        _window = new Window(node);
        _activation = activation;
        var groups = node.Int("group", 1);
        if (groups is < 1 or > int.MaxValue) throw node.Wrong($"group is {groups}");
        _groups = (int)groups;
    }

    public Activation Activation => _activation;

    public override void Prepare(PrepareContext context)
    {
        if (context.Constant(1) is not { Element: DataType.Float32 } weights || (context.Constant(2) is null && context.HasInput(2))) return;
        (_weights, _bias, _hasConstants) = (weights, context.Constant(2), true);
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
        if (!_hasConstants || context.Input(0).Element != DataType.Float32) return Convolution.Create(shape, _activation);
        lock (_lock)
        {
            foreach (var (known, kernel) in _packed)
            {
                if (known.Equals(shape)) return kernel;
            }
            var made = Convolution.Create(shape, _weights!.Values<float>(), _bias is null ? default : _bias.Values<float>(), _activation);
            _packed.Add((shape, made));
            if (_packed.Count > 8) _packed.RemoveAt(0);
            return made;
        }
    }

    private ConvolutionShape ShapeOf(TensorValue input, TensorValue weights) => ConvolutionGeometry.Of(_window, _groups, input, weights);
}
