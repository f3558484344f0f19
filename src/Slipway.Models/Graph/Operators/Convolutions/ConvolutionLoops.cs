using System.Numerics;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Convolution of any type of number by plain loops, in the order of the packed kernels.</summary>
internal static class ConvolutionLoops
{
    public static void Run<T>(ConvolutionShape shape, int batch, ReadOnlySpan<T> input, ReadOnlySpan<T> weights, ReadOnlySpan<T> bias, Span<T> output) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (d, h, w) = (shape.Depth, shape.Height, shape.Width);
        var at = 0;
        for (var n = 0; n < batch; n++)
        for (var m = 0; m < shape.Filters; m++)
        {
            var filter = weights.Slice(m * shape.WeightsPerFilter, shape.WeightsPerFilter);
            var first = ((long)n * shape.Channels) + ((m / shape.FiltersPerGroup) * shape.ChannelsPerGroup);
            for (var od = 0; od < d.Output; od++)
            for (var oh = 0; oh < h.Output; oh++)
            for (var ow = 0; ow < w.Output; ow++)
            {
                var sum = T.Zero;
                var tap = 0;
                for (var c = 0; c < shape.ChannelsPerGroup; c++)
                {
                    var plane = input.Slice((int)((first + c) * shape.InputPixels), shape.InputPixels);
                    for (var kd = 0; kd < d.Kernel; kd++)
                    for (var kh = 0; kh < h.Kernel; kh++)
                    for (var kw = 0; kw < w.Kernel; kw++, tap++)
                    {
                        var (id, ih, iw) = ((od * d.Stride) - d.PadBegin + (kd * d.Dilation), (oh * h.Stride) - h.PadBegin + (kh * h.Dilation), (ow * w.Stride) - w.PadBegin + (kw * w.Dilation));
                        if ((uint)id >= (uint)d.Input || (uint)ih >= (uint)h.Input || (uint)iw >= (uint)w.Input) continue;
                        sum = T.FusedMultiplyAdd(plane[(((id * h.Input) + ih) * w.Input) + iw], filter[tap], sum);
                    }
                }
                output[at++] = bias.IsEmpty ? sum : sum + bias[m];
            }
        }
    }
}
