namespace Slipway.Models.Graph;

/// <summary>One axis of a resize: which elements of the input make each element of the output, with which weights.</summary>
/// <param name="Taps">Elements that make one of the output.</param>
/// <param name="Indices">[output, taps], all inside of the input.</param>
/// <param name="Weights">[output, taps].</param>
/// <param name="Outside">Where the position lies outside of the input and the extrapolation value is the answer; null when nowhere.</param>
internal sealed record ResizeAxis(int Axis, int Input, int Output, int Taps, int[] Indices, double[] Weights, bool[]? Outside)
{
    public static ResizeAxis Create(int axis, int input, int output, double scale, double roiStart, double roiEnd, ResizeSampling sampling)
    {
        var positions = new double[output];
        bool[]? outside = null;
        for (var x = 0; x < output; x++)
        {
            positions[x] = Position(x, input, output, scale, roiStart, roiEnd, sampling.Coordinates);
            if (sampling.Coordinates == "tf_crop_and_resize" && (positions[x] < 0 || positions[x] > input - 1)) (outside ??= new bool[output])[x] = true;
        }
        return sampling.Mode == "nearest" ? Nearest(axis, input, positions, outside, sampling.NearestMode != "simple" ? sampling.NearestMode : scale < 1 ? "ceil" : "floor") : Weighted(axis, input, positions, outside, scale, sampling);
    }

    private static double Position(int x, int input, int output, double scale, double roiStart, double roiEnd, string mode)
    {
        var width = scale * input;
        switch (mode)
        {
            case "align_corners":
                return width == 1 ? 0 : x * (input - 1) / (width - 1);
            case "asymmetric":
                return x / scale;
            case "tf_crop_and_resize":
                return (width == 1 ? (roiEnd - roiStart) * (input - 1) / 2 : x * (roiEnd - roiStart) * (input - 1) / (width - 1)) + (roiStart * (input - 1));
            case "pytorch_half_pixel":
                return width == 1 ? -0.5 : ((x + 0.5) / scale) - 0.5;
            case "tf_half_pixel_for_nn":
                return (x + 0.5) / scale;
            case "half_pixel_symmetric":
                return (input / 2.0 * (1 - (output / width))) + ((x + 0.5) / scale) - 0.5;
            default:
                return ((x + 0.5) / scale) - 0.5;
        }
    }

    private static ResizeAxis Nearest(int axis, int input, double[] positions, bool[]? outside, string mode)
    {
        var indices = new int[positions.Length];
        for (var x = 0; x < indices.Length; x++)
        {
            var (position, below) = (positions[x], Math.Floor(positions[x]));
            var nearest = mode switch
            {
                "floor" => below,
                "ceil" => Math.Ceiling(position),
                "round_prefer_ceil" => position - below < 0.5 ? below : Math.Ceiling(position),
                _ => position - below <= 0.5 ? below : Math.Ceiling(position),
            };
            indices[x] = (int)Math.Clamp(nearest, 0, input - 1);
        }
        return new ResizeAxis(axis, input, positions.Length, 1, indices, [], outside);
    }

    private static ResizeAxis Weighted(int axis, int input, double[] positions, bool[]? outside, double scale, ResizeSampling sampling)
    {
        var reach = sampling.Mode == "linear" ? 1 : 2;
        var shrink = sampling.Antialias ? Math.Min(scale, 1) : 1;
        var half = sampling.Antialias ? -(int)Math.Floor(-reach / shrink) : reach;
        var taps = 2 * half;
        var indices = new int[(long)positions.Length * taps];
        var weights = new double[indices.Length];
        for (var x = 0; x < positions.Length; x++)
        {
            var first = (long)Math.Ceiling(positions[x]) - half;
            double sum = 0;
            for (var t = 0; t < taps; t++)
            {
                var weight = Weight((first + t - positions[x]) * shrink, sampling);
                if (sampling.ExcludeOutside && (first + t < 0 || first + t >= input)) weight = 0;
                indices[(x * taps) + t] = (int)Math.Clamp(first + t, 0, input - 1);
                weights[(x * taps) + t] = weight;
                sum += weight;
            }
            if (!sampling.Antialias && !sampling.ExcludeOutside) continue;
            for (var t = 0; t < taps; t++) weights[(x * taps) + t] /= sum;
        }
        return new ResizeAxis(axis, input, positions.Length, taps, indices, weights, outside);
    }

    private static double Weight(double distance, ResizeSampling sampling)
    {
        var d = Math.Abs(distance);
        if (sampling.Mode == "linear") return Math.Max(0, 1 - d);
        var a = (double)sampling.CubicA;
        return d <= 1 ? (((((a + 2) * d) - (a + 3)) * d) * d) + 1 : d < 2 ? (((((a * d) - (5 * a)) * d) + (8 * a)) * d) - (4 * a) : 0;
    }
}
