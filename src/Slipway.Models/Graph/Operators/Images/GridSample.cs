using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>
/// GridSample (ai.onnx 16, 20, 22): samples [N, C, d1 … dr] at the places that a grid [N, o1 … or, r] names, in coordinates from -1 to 1, the last axis of the input first.
/// </summary>
internal sealed class GridSample : Operator
{
    private readonly int _taps;
    private readonly string _padding;
    private readonly bool _alignCorners;

    public GridSample(NodeInfo node)
    {
        var mode = node.Text("mode", "linear");
        _taps = mode switch
        {
            "linear" or "bilinear" => 2,
            "cubic" or "bicubic" => 4,
            "nearest" => 1,
            _ => throw node.Wrong($"mode '{mode}' is unknown; there are linear, cubic, nearest"),
        };
        _padding = node.Text("padding_mode", "zeros");
        if (_padding is not ("zeros" or "border" or "reflection")) throw node.Wrong($"padding_mode '{_padding}' is unknown; there are zeros, border, reflection");
        _alignCorners = node.Flag("align_corners");
    }

    public override void Infer(InferenceContext context)
    {
        var (input, grid) = (context.Shape(0), context.Shape(1));
        if (input is null || grid is null)
        {
            context.SetOutput(0, context.Element(0), (Shape?)null);
            return;
        }
        if (input.Rank < 3 || grid.Rank != input.Rank || (grid[^1] >= 0 && grid[^1] != input.Rank - 2)) throw new ModelException($"a grid for {input} has the shape [N, …, {input.Rank - 2}] of rank {input.Rank}, not {grid}");
        if (input[0] >= 0 && grid[0] >= 0 && input[0] != grid[0]) throw new ModelException($"input {input} and grid {grid} differ in their first dimension");
        var output = grid.Span.ToArray();
        output[^1] = 0;
        grid.Span[1..^1].CopyTo(output.AsSpan(2));
        (output[0], output[1]) = (input[0], input[1]);
        context.SetOutput(0, context.Element(0), output);
    }

    public override void Run(RunContext context)
    {
        var (input, grid, output) = (context.Input(0), context.Input(1), context.Output(0));
        if (output.Count == 0) return;
        var axes = input.Rank - 2;
        var sizes = new int[axes];
        var pixels = 1;
        for (var a = 0; a < axes; a++)
        {
            sizes[a] = (int)input[a + 2];
            pixels *= sizes[a];
        }
        if (pixels == 0) throw new RecordException($"nothing can be sampled from {input.Type}");
        var values = new double[input.Count];
        var places = new double[grid.Count];
        var results = new double[output.Count];
        Numbers.Read<double>(input, values);
        Numbers.Read<double>(grid, places);
        var (batch, channels) = ((int)input[0], (int)input[1]);
        var outPixels = output.Count / (batch * channels);
        var corners = 1;
        for (var a = 0; a < axes; a++) corners *= _taps;
        var offsets = new int[corners];
        var weights = new double[corners];
        for (var n = 0; n < batch; n++)
        for (var p = 0; p < outPixels; p++)
        {
            Corners(places.AsSpan(((n * outPixels) + p) * axes, axes), sizes, offsets, weights);
            for (var c = 0; c < channels; c++)
            {
                var plane = values.AsSpan(((n * channels) + c) * pixels, pixels);
                double sum = 0;
                for (var i = 0; i < offsets.Length; i++)
                {
                    if (offsets[i] >= 0) sum += plane[offsets[i]] * weights[i];
                }
                results[(((n * channels) + c) * outPixels) + p] = sum;
            }
        }
        Numbers.Write<double>(results, output);
    }

    /// <summary>The elements around a place with their weights: every combination of the taps of all axes.</summary>
    private void Corners(ReadOnlySpan<double> place, int[] sizes, int[] offsets, double[] weights)
    {
        offsets.AsSpan().Clear();
        Array.Fill(weights, 1);
        Span<int> indices = stackalloc int[4];
        Span<double> factors = stackalloc double[4];
        var repeat = 1;
        for (var a = sizes.Length - 1; a >= 0; a--)
        {
            Taps(place[sizes.Length - 1 - a], sizes[a], indices[.._taps], factors[.._taps]);
            var stride = 1;
            for (var b = a + 1; b < sizes.Length; b++) stride *= sizes[b];
            for (var i = 0; i < offsets.Length; i++)
            {
                var tap = i / repeat % _taps;
                offsets[i] = offsets[i] < 0 || indices[tap] < 0 ? -1 : offsets[i] + (indices[tap] * stride);
                weights[i] *= factors[tap];
            }
            repeat *= _taps;
        }
    }

    private void Taps(double coordinate, int size, Span<int> indices, Span<double> weights)
    {
        var x = _alignCorners ? (coordinate + 1) / 2 * (size - 1) : (((coordinate + 1) * size) - 1) / 2;
        var (low, high) = _alignCorners ? (0.0, size - 1.0) : (-0.5, size - 0.5);
        if (_taps == 1) x = Math.Round(x, MidpointRounding.ToEven);
        if (x < low || x > high)
        {
            // Of four taps each is moved to the border, as PyTorch and ONNX Runtime do: the place itself stays between them, until all four are beyond.
            if (_padding == "border") x = _taps < 4 ? Math.Clamp(x, 0, size - 1) : Math.Clamp(x, -2, size + 1);
            else if (_padding == "reflection") x = Reflect(x, low, high);
        }
        if (!double.IsFinite(x) || Math.Abs(x) > 1e9)
        {
            indices.Fill(-1);
            weights.Clear();
            return;
        }
        var floor = (long)Math.Floor(x);
        var t = x - floor;
        switch (_taps)
        {
            case 1:
                weights[0] = 1;
                break;
            case 2:
                (weights[0], weights[1]) = (1 - t, t);
                break;
            default:
                (weights[0], weights[1], weights[2], weights[3]) = (Far(t + 1), Near(t), Near(1 - t), Far(2 - t));
                break;
        }
        var first = _taps == 4 ? floor - 1 : floor;
        for (var i = 0; i < indices.Length; i++) indices[i] = Index(first + i, size, low, high);
    }

    private int Index(long index, int size, double low, double high)
    {
        if (index >= 0 && index < size) return (int)index;
        return _padding switch
        {
            "border" => (int)Math.Clamp(index, 0, size - 1),
            "reflection" => Math.Clamp((int)Reflect(index, low, high), 0, size - 1),
            _ => -1,
        };
    }

    private static double Reflect(double x, double low, double high)
    {
        var range = high - low;
        if (range <= 0) return low;
        var (beyond, fromLow) = x < low ? (low - x, true) : x > high ? (x - high, false) : (-1, false);
        if (beyond < 0) return x;
        var turns = Math.Floor(beyond / range);
        var rest = beyond - (turns * range);
        return turns % 2 == 0 == fromLow ? low + rest : high - rest;
    }

    // Keys' cubic convolution with a = -0.75.
    private static double Near(double d) => (((1.25 * d) - 2.25) * d * d) + 1;

    private static double Far(double d) => (((((-0.75 * d) + 3.75) * d) - 6) * d) + 3;
}
