using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>The window of a pooling operator over [N, C, …].</summary>
internal sealed class PoolWindow
{
    private readonly Window _window;
    private readonly bool _ceil;

    public PoolWindow(NodeInfo node)
    {
        _window = new Window(node);
        _ceil = node.Flag("ceil_mode");
        if (!_window.HasKernel) throw node.Wrong("attribute 'kernel_shape' is missing");
    }

    /// <summary>The shape of the output.</summary>
    public Shape? Output(InferenceContext context)
    {
        if (context.Shape(0) is not { } input) return null;
        if (input.Rank < 3) throw new ModelException($"the input must be [N, C, …], it is {input}");
        var axes = input.Rank - 2;
        _window.Require(axes);
        var output = new long[input.Rank];
        (output[0], output[1]) = (input[0], input[1]);
        for (var a = 0; a < axes; a++) output[a + 2] = _window.Output(a, axes, input[a + 2], _window.Kernel(a, []), context.NewSymbol);
        return Shape.Of(output);
    }

    /// <summary>The window over an input of known shape.</summary>
    public SpatialWindow Over(TensorValue input)
    {
        var axes = input.Rank - 2;
        if (axes > 3) throw new RecordException($"poolings have one to three spatial axes, not {axes}");
        Span<WindowAxis> spatial = stackalloc WindowAxis[axes];
        for (var a = 0; a < axes; a++)
        {
            var kernel = _window.Kernel(a, []);
            var place = _window.Place(a, axes, input[a + 2], kernel);
            spatial[a] = new WindowAxis((int)input[a + 2], (int)kernel, (int)_window.Stride(a), (int)_window.Dilation(a), (int)place.Begin, (int)place.End, _ceil);
        }
        return new SpatialWindow(spatial);
    }

    public static int Planes(TensorValue input) => (int)(input[0] * input[1]);
}
