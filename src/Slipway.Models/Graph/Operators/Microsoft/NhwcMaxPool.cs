using System.Numerics.Tensors;
using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>NhwcMaxPool: the largest int8 or uint8 under each window over [batch, height, width, channels] (one to three spatial axes).</summary>
internal sealed class NhwcMaxPool : Operator
{
    private readonly Window _window;
    private readonly bool _ceil;

    public NhwcMaxPool(NodeInfo node)
    {
        (_window, _ceil) = (new Window(node), node.Flag("ceil_mode"));
        if (!_window.HasKernel) throw node.Wrong("attribute 'kernel_shape' is missing");
    }

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is not { } input)
        {
            context.SetOutput(0, context.Element(0), (Shape?)null);
            return;
        }
        if (input.Rank is < 3 or > 5) throw new ModelException($"the input must be [N, one to three axes, C], it is {input}");
        var axes = input.Rank - 2;
        _window.Require(axes);
        var output = input.Span.ToArray();
        for (var a = 0; a < axes; a++) output[a + 1] = _window.Output(a, axes, input[a + 1], _window.Kernel(a, []), context.NewSymbol);
        context.SetOutput(0, context.Element(0), output);
    }

    public override void Run(RunContext context)
    {
        if (context.Output(0).Count == 0) return;
        switch (context.Input(0).Element)
        {
            case DataType.Int8: Run<sbyte>(context); break;
            case DataType.UInt8: Run<byte>(context); break;
            default: throw new RecordException($"int8 or uint8 is expected, {context.Input(0).Type} is given");
        }
    }

    private void Run<T>(RunContext context) where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T>
    {
        var x = context.Input(0);
        var window = context.State as SpatialWindow ?? Over(x);
        context.State = window;
        var channels = (int)x[^1];
        var values = x.Values<T>();
        var result = context.Output(0).Values<T>();
        var walk = new WindowWalk(window);
        for (var item = 0; item < x[0]; item++)
        {
            var own = values.Slice(item * window.InputPixels * channels, window.InputPixels * channels);
            for (var pixel = 0; pixel < window.OutputPixels; pixel++)
            {
                var to = result.Slice(((item * window.OutputPixels) + pixel) * channels, channels);
                to.Fill(T.MinValue);
                for (var more = walk.Begin(pixel); more; more = walk.Next()) TensorPrimitives.Max(to, own.Slice(walk.Position * channels, channels), to);
            }
        }
    }

    private SpatialWindow Over(TensorValue x)
    {
        var axes = x.Rank - 2;
        Span<WindowAxis> spatial = stackalloc WindowAxis[axes];
        for (var a = 0; a < axes; a++)
        {
            var kernel = _window.Kernel(a, []);
            var place = _window.Place(a, axes, x[a + 1], kernel);
            spatial[a] = new WindowAxis((int)x[a + 1], (int)kernel, (int)_window.Stride(a), (int)_window.Dilation(a), (int)place.Begin, (int)place.End, _ceil);
        }
        return new SpatialWindow(spatial);
    }
}
