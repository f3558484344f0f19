namespace Slipway.Models.Kernels;

/// <summary>
/// Operations of one float32 tensor, one after another, for one block after another that stays in the nearest cache: memory is read and written
/// once however many steps there are. Each step gives the bits of the same operation alone.
/// </summary>
internal sealed class ElementwiseChain
{
    private const int ElementsPerBlock = 4096;
    private const int ElementsPerPart = 16384;

    private readonly ChainStep[] _steps;
    private readonly bool _hasChannels;
    private readonly bool _takesOther;

    /// <param name="steps">At least one.</param>
    public ElementwiseChain(params ReadOnlySpan<ChainStep> steps)
    {
        if (steps.IsEmpty) throw new ArgumentException("a chain of no steps", nameof(steps));
        _steps = steps.ToArray();
        foreach (var step in steps)
        {
            if (step.IsPerChannel && step.PerChannel is null) throw new ArgumentException($"the step {step.Operation} has no numbers of channels", nameof(steps));
            _hasChannels |= step.IsPerChannel;
            _takesOther |= step.TakesOther;
        }
    }

    public ReadOnlySpan<ChainStep> Steps => _steps;

    /// <param name="x">[outer, channels, inner].</param>
    /// <param name="y">As <paramref name="x"/>; the same memory as an argument or none of it.</param>
    /// <param name="channels">1 where no step is for each channel.</param>
    /// <param name="inner">Elements of a channel next to each other.</param>
    /// <param name="other">As <paramref name="x"/> where a step takes another tensor, else nothing.</param>
    /// <param name="threads">Most threads to use; the result does not depend on it.</param>
    public unsafe void Run(ReadOnlySpan<float> x, Span<float> y, int channels = 1, int inner = 1, ReadOnlySpan<float> other = default, int threads = 1)
    {
        Check(x.Length, y.Length, channels, inner, other.Length);
        if (x.IsEmpty) return;
        var row = !_hasChannels ? ElementsPerBlock : inner > 1 ? inner : channels;
        var rows = (x.Length + row - 1) / row;
        fixed (float* source = x, target = y, second = other)
        {
            ParallelRows.Run(new Rows(this, source, target, second, x.Length, row, inner > 1 ? channels : 0), rows, row, ElementsPerPart, threads);
        }
    }

    private void Check(int count, int resultCount, int channels, int inner, int otherCount)
    {
        FunctionMap.RequireLength(resultCount, count, "y");
        if (_takesOther) FunctionMap.RequireLength(otherCount, count, "other");
        if (!_hasChannels) return;
        if (channels <= 0 || inner <= 0 || count % ((long)channels * inner) != 0) throw new ArgumentException($"{count} elements are not {channels} channels of {inner}", nameof(channels));
        foreach (var step in _steps)
        {
            if (step.PerChannel is { } numbers) FunctionMap.RequireLength(numbers.Length, channels, "steps");
        }
    }

    /// <param name="row">Elements of a row: a block, a channel's, or one of each channel.</param>
    /// <param name="channels">When a row is a channel's; 0 when it has all channels.</param>
    private readonly unsafe struct Rows(ElementwiseChain chain, float* x, float* y, float* other, int count, int row, int channels) : IRows
    {
        public void Run(long first, long end)
        {
            for (var at = first; at < end; at++)
            {
                var start = (int)(at * row);
                var stop = Math.Min(start + row, count);
                for (var block = start; block < stop; block += ElementsPerBlock)
                {
                    var length = Math.Min(ElementsPerBlock, stop - block);
                    var target = new Span<float>(y + block, length);
                    var second = other == null ? default : new ReadOnlySpan<float>(other + block, length);
                    var source = new ReadOnlySpan<float>(x + block, length);
                    foreach (var step in chain._steps)
                    {
                        if (channels > 0 && step.IsPerChannel) ChainSteps.Run(OfChannel(step, (int)(at % channels)), source, target, default);
                        else ChainSteps.Run(step, source, target, step.IsPerChannel ? step.PerChannel.AsSpan(block - start, length) : second);
                        source = target;
                    }
                }
            }
        }

        private static ChainStep OfChannel(ChainStep step, int channel) =>
            new(step.Operation == ChainOperation.AddPerChannel ? ChainOperation.Add : ChainOperation.Multiply, step.PerChannel![channel]);
    }
}
