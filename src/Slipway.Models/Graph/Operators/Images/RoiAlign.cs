using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>RoiAlign (ai.onnx 10, 16, 22): pools regions [R, 4] of [N, C, H, W] to [R, C, height, width] from samples between the pixels.</summary>
internal sealed class RoiAlign : Operator
{
    private readonly bool _isMax, _halfPixel;
    private readonly int _height, _width, _samples;
    private readonly float _scale;

    /// <param name="halfPixel">Whether positions are half a pixel lower when the node does not say (from version 16 on).</param>
    public RoiAlign(NodeInfo node, bool halfPixel)
    {
        var mode = node.Text("mode", "avg");
        if (mode is not ("avg" or "max")) throw node.Wrong($"mode '{mode}' is unknown; there are avg, max");
        var shift = node.Text("coordinate_transformation_mode", halfPixel ? "half_pixel" : "output_half_pixel");
        if (shift is not ("half_pixel" or "output_half_pixel")) throw node.Wrong($"coordinate_transformation_mode '{shift}' is unknown; there are half_pixel, output_half_pixel");
        (_isMax, _halfPixel) = (mode == "max", shift == "half_pixel");
        var (height, width, samples) = (node.Int("output_height", 1), node.Int("output_width", 1), node.Int("sampling_ratio", 0));
        if (height is < 1 or > 1 << 20 || width is < 1 or > 1 << 20 || samples is < 0 or > 1 << 10) throw node.Wrong("output_height, output_width or sampling_ratio is out of range");
        (_height, _width, _samples) = ((int)height, (int)width, (int)samples);
        _scale = node.Float("spatial_scale", 1);
    }

    public override void Infer(InferenceContext context)
    {
        var (input, rois) = (context.Shape(0), context.Shape(1));
        if (input is not null && input.Rank != 4) throw new ModelException($"the input must be [N, C, H, W], it is {input}");
        if (rois is not null && (rois.Rank != 2 || (rois[1] >= 0 && rois[1] != 4))) throw new ModelException($"rois must be [R, 4], they are {rois}");
        context.SetOutput(0, context.Element(0), rois?[0] ?? context.NewSymbol(), input?[1] ?? context.NewSymbol(), _height, _width);
    }

    public override void Run(RunContext context)
    {
        var (input, rois, batches, output) = (context.Input(0), context.Input(1), context.Input(2), context.Output(0));
        if (output.Count == 0) return;
        if (batches.Count != rois[0]) throw new RecordException($"batch_indices has {batches.Count} numbers, there are {rois[0]} regions");
        var (channels, height, width) = ((int)input[1], (int)input[2], (int)input[3]);
        var values = new double[input.Count];
        var corners = new double[rois.Count];
        var results = new double[output.Count];
        Numbers.Read<double>(input, values);
        Numbers.Read<double>(rois, corners);
        var shift = _halfPixel ? 0.5 : 0;
        var at = 0;
        for (var r = 0; r < rois[0]; r++)
        {
            var batch = batches.IntAt(r);
            if (batch < 0 || batch >= input[0]) throw new RecordException($"region {r} is of item {batch}, there are {input[0]}");
            var (x1, y1, x2, y2) = ((corners[4 * r] * _scale) - shift, (corners[(4 * r) + 1] * _scale) - shift, (corners[(4 * r) + 2] * _scale) - shift, (corners[(4 * r) + 3] * _scale) - shift);
            var (roiWidth, roiHeight) = (x2 - x1, y2 - y1);
            if (!_halfPixel) (roiWidth, roiHeight) = (Math.Max(roiWidth, 1), Math.Max(roiHeight, 1));
            var (binHeight, binWidth) = (roiHeight / _height, roiWidth / _width);
            var (rows, columns) = (_samples > 0 ? _samples : (int)Math.Clamp(Math.Ceiling(binHeight), 0, 4096), _samples > 0 ? _samples : (int)Math.Clamp(Math.Ceiling(binWidth), 0, 4096));
            for (var c = 0; c < channels; c++)
            {
                var plane = values.AsSpan((int)(((batch * channels) + c) * height * width), height * width);
                for (var ph = 0; ph < _height; ph++)
                for (var pw = 0; pw < _width; pw++)
                {
                    var (sum, max) = (0.0, double.NegativeInfinity);
                    for (var iy = 0; iy < rows; iy++)
                    for (var ix = 0; ix < columns; ix++)
                    {
                        var (y, x) = (y1 + (ph * binHeight) + ((iy + 0.5) * binHeight / rows), x1 + (pw * binWidth) + ((ix + 0.5) * binWidth / columns));
                        Sample(plane, height, width, y, x, ref sum, ref max);
                    }
                    results[at++] = _isMax ? (double.IsNegativeInfinity(max) ? 0 : max) : sum / Math.Max(1, rows * columns);
                }
            }
        }
        Numbers.Write<double>(results, output);
    }

    /// <summary>Adds the value between four pixels; of these the largest weighted one counts for the maximum.</summary>
    private static void Sample(ReadOnlySpan<double> plane, int height, int width, double y, double x, ref double sum, ref double max)
    {
        if (!(y >= -1 && y <= height && x >= -1 && x <= width))
        {
            max = Math.Max(max, 0);
            return;
        }
        (y, x) = (Math.Max(y, 0), Math.Max(x, 0));
        var (top, left) = (Math.Min((int)y, height - 1), Math.Min((int)x, width - 1));
        var (bottom, right) = (Math.Min(top + 1, height - 1), Math.Min(left + 1, width - 1));
        var (ly, lx) = (top == height - 1 ? 0 : y - top, left == width - 1 ? 0 : x - left);
        var (a, b) = (plane[(top * width) + left] * (1 - ly) * (1 - lx), plane[(top * width) + right] * (1 - ly) * lx);
        var (c, d) = (plane[(bottom * width) + left] * ly * (1 - lx), plane[(bottom * width) + right] * ly * lx);
        sum += a + b + c + d;
        max = Math.Max(max, Math.Max(Math.Max(a, b), Math.Max(c, d)));
    }
}

/// <summary>MaxRoiPool (ai.onnx 1, 22): the maximum of each bin of regions [R, 5] (item, x1, y1, x2, y2) of [N, C, H, W].</summary>
internal sealed class MaxRoiPool : Operator
{
    private readonly int _height, _width;
    private readonly float _scale;

    public MaxRoiPool(NodeInfo node)
    {
        if (node.Ints("pooled_shape") is not [> 0 and < 1 << 20 and var height, > 0 and < 1 << 20 and var width]) throw node.Wrong("pooled_shape must be two positive numbers");
        (_height, _width, _scale) = ((int)height, (int)width, node.Float("spatial_scale", 1));
    }

    public override void Infer(InferenceContext context)
    {
        var (input, rois) = (context.Shape(0), context.Shape(1));
        if (input is not null && input.Rank != 4) throw new ModelException($"the input must be [N, C, H, W], it is {input}");
        if (rois is not null && (rois.Rank != 2 || (rois[1] >= 0 && rois[1] != 5))) throw new ModelException($"rois must be [R, 5], they are {rois}");
        context.SetOutput(0, context.Element(0), rois?[0] ?? context.NewSymbol(), input?[1] ?? context.NewSymbol(), _height, _width);
    }

    public override void Run(RunContext context)
    {
        var (input, rois, output) = (context.Input(0), context.Input(1), context.Output(0));
        if (output.Count == 0) return;
        var (channels, height, width) = ((int)input[1], (int)input[2], (int)input[3]);
        var values = new double[input.Count];
        var corners = new double[rois.Count];
        var results = new double[output.Count];
        Numbers.Read<double>(input, values);
        Numbers.Read<double>(rois, corners);
        var at = 0;
        for (var r = 0; r < rois[0]; r++)
        {
            var roi = corners.AsSpan(5 * r, 5);
            if (!(roi[0] >= 0 && roi[0] < input[0])) throw new RecordException($"region {r} is of item {roi[0]}, there are {input[0]}");
            var (x1, y1, x2, y2) = (Round(roi[1]), Round(roi[2]), Round(roi[3]), Round(roi[4]));
            var (binHeight, binWidth) = (Math.Max(y2 - y1 + 1, 1) / _height, Math.Max(x2 - x1 + 1, 1) / _width);
            for (var c = 0; c < channels; c++)
            {
                var plane = values.AsSpan((((int)roi[0] * channels) + c) * height * width, height * width);
                for (var ph = 0; ph < _height; ph++)
                for (var pw = 0; pw < _width; pw++)
                {
                    var (top, bottom) = (Bound(Math.Floor(ph * binHeight) + y1, height), Bound(Math.Ceiling((ph + 1) * binHeight) + y1, height));
                    var (left, right) = (Bound(Math.Floor(pw * binWidth) + x1, width), Bound(Math.Ceiling((pw + 1) * binWidth) + x1, width));
                    var max = bottom <= top || right <= left ? 0 : double.NegativeInfinity;
                    for (var y = top; y < bottom; y++)
                    for (var x = left; x < right; x++) max = Math.Max(max, plane[(y * width) + x]);
                    results[at++] = max;
                }
            }
        }
        Numbers.Write<double>(results, output);
    }

    private double Round(double position) => Math.Round(position * _scale, MidpointRounding.AwayFromZero);

    private static int Bound(double position, int size) => (int)Math.Clamp(position, 0, size);
}
