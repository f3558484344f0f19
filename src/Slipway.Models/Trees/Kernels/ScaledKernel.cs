using System.Numerics;

namespace Slipway.Models.Trees.Kernels;

/// <summary>Another kernel's sums, scaled and shifted.</summary>
internal sealed class ScaledKernel<T> : MarginKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MarginKernel<T> _sums;
    private readonly T _scale;
    private readonly T[] _bias;

    public ScaledKernel(MarginKernel<T> sums, ScaleAndBias adjustment) : base(sums.Features, sums.Outputs)
    {
        if (adjustment.Bias.Length != sums.Outputs) throw new ArgumentException($"{adjustment.Bias.Length} biases given for {sums.Outputs} outputs", nameof(adjustment));
        _sums = sums;
        _scale = T.CreateTruncating(adjustment.Scale);
        _bias = [.. adjustment.Bias.Select(T.CreateTruncating)];
    }

    protected override void ScoreRows(ReadOnlySpan<T> rows, int rowLength, Span<T> margins, int count)
    {
        _sums.Score(rows, rowLength, margins);
        for (var at = 0; at < margins.Length; at += _bias.Length)
        {
            for (var output = 0; output < _bias.Length; output++) margins[at + output] = (_scale * margins[at + output]) + _bias[output];
        }
    }
}
