namespace Slipway.Models.Trees;

/// <summary>What a format makes of margins when no <see cref="MarginTransform"/> says it. Stateless.</summary>
/// <param name="outputs">Predictions a row.</param>
internal abstract class PredictionFunction(int outputs)
{
    public int Outputs { get; } = outputs;

    /// <param name="margins">Of one row.</param>
    /// <param name="predictions">Of that row; <see cref="Outputs"/>, all of which are written.</param>
    public abstract void Apply(ReadOnlySpan<double> margins, Span<double> predictions);
}
