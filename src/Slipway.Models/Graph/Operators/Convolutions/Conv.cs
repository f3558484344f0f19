using System.Buffers;

using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>
/// Conv (ai.onnx 1, 11, 22): input [N, C, …], weights [M, C / group, …], bias [M]; one to three spatial axes. Passes add an activation and an addend of the output's shape (input 3).
/// </summary>
internal sealed class Conv : Operator
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

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (context.Shape(0) is not { } input)
        {
            context.SetOutput(0, element, context.Rank(1) > 0 ? context.UnknownShape(context.Rank(1)) : null);
            return;
        }
        if (input.Rank < 3) throw new ModelException($"the input must be [N, C, …], it is {input}");
        var axes = input.Rank - 2;
        _window.Require(axes);
        var weights = context.Shape(1) ?? context.UnknownShape(input.Rank);
        if (weights.Rank != input.Rank) throw new ModelException($"weights {weights} do not have the rank of the input {input}");
        if (input[1] >= 0 && weights[1] >= 0 && input[1] != weights[1] * _groups) throw new ModelException($"the input {input} has {input[1]} channels, weights {weights} in {_groups} groups expect {weights[1] * _groups}");
        var output = new long[input.Rank];
        (output[0], output[1]) = (input[0], weights[0]);
        for (var a = 0; a < axes; a++) output[a + 2] = _window.Output(a, axes, input[a + 2], _window.Kernel(a, weights.Span), context.NewSymbol);
        context.SetOutput(0, element, output);
    }

    public override long ScratchBytes(RunContext context)
    {
        if (context.Output(0).Count == 0) return 0;
        var bytes = Kernel(context).ScratchBytes(Math.Max(1, context.Threads));
        return context.Input(0).Element is DataType.Float16 or DataType.BFloat16 or DataType.Float32 ? bytes : 0;
    }

    public override void Run(RunContext context)
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
            case DataType.Float16 or DataType.BFloat16:
                RunWidened(context, input, weights, bias, output);
                break;
            case DataType.Float64:
                ConvolutionLoops.Run(ShapeOf(input, weights), (int)input[0], input.Values<double>(), weights.Values<double>(), bias is null ? default : bias.Values<double>(), output.Values<double>());
                break;
            default:
                throw new RecordException($"Conv computes with floating-point numbers, not with {input.Type}");
        }
    }

    /// <summary>Narrow floating-point numbers: computed in float32, rounded once.</summary>
    private void RunWidened(RunContext context, TensorValue input, TensorValue weights, TensorValue? bias, TensorValue output)
    {
        var total = input.Count + weights.Count + (bias?.Count ?? 0) + output.Count;
        var rented = ArrayPool<float>.Shared.Rent(total);
        try
        {
            var x = rented.AsSpan(0, input.Count);
            var w = rented.AsSpan(input.Count, weights.Count);
            var b = rented.AsSpan(input.Count + weights.Count, bias?.Count ?? 0);
            var y = rented.AsSpan(total - output.Count, output.Count);
            NarrowFloats.Widen(input, x);
            NarrowFloats.Widen(weights, w);
            if (bias is not null) NarrowFloats.Widen(bias, b);
            var kernel = Convolution.Create(ShapeOf(input, weights), _activation);
            kernel.RunWith(w, b, (int)input[0], x, y, default, context.Scratch, context.Threads);
            NarrowFloats.Narrow(y, output);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
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

    private ConvolutionShape ShapeOf(TensorValue input, TensorValue weights)
    {
        var axes = input.Rank - 2;
        if (axes > 3) throw new RecordException($"convolutions have one to three spatial axes, not {axes}");
        Span<WindowAxis> spatial = stackalloc WindowAxis[axes];
        for (var a = 0; a < axes; a++)
        {
            var kernel = weights[a + 2];
            var place = _window.Place(a, axes, input[a + 2], kernel);
            spatial[a] = new WindowAxis((int)input[a + 2], (int)kernel, (int)_window.Stride(a), (int)_window.Dilation(a), (int)place.Begin, (int)place.End);
        }
        return new ConvolutionShape((int)input[1], (int)weights[0], _groups, spatial);
    }
}
