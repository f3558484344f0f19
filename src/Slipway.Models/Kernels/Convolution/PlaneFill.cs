namespace Slipway.Models.Kernels;

/// <summary>Writes the <see cref="TapPlanes"/> of all channels of an item; a part is some channels.</summary>
internal sealed unsafe class PlaneFill(ConvolutionShape shape, TapPlanes planes) : IParallelWork
{
    /// <summary>Floats that are worth a part of their own.</summary>
    private const int LeastPart = 16 << 10;

    private float* _input;
    private float* _to;
    private int _parts;

    public void Run(float* input, float* to, int threads)
    {
        _input = input;
        _to = to;
        var worth = Math.Max(1, (long)planes.ChannelPitch * shape.Channels / LeastPart);
        _parts = (int)Math.Min(Math.Min(threads, worth), shape.Channels);
        WorkerPool.Shared.Run(this, _parts, threads);
    }

    public void Run(int part)
    {
        var first = (int)((long)shape.Channels * part / _parts);
        var end = (int)((long)shape.Channels * (part + 1) / _parts);
        for (var channel = first; channel < end; channel++)
        {
            var to = _to + ((nint)channel * planes.ChannelPitch);
            planes.Pad(to, 0);
            planes.Fill(_input + ((nint)channel * shape.InputPixels), to);
        }
    }
}
