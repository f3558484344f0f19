namespace Slipway.Models.Trees;

/// <summary>What a format makes of margins when no <see cref="MarginTransform"/> says it. Stateless.</summary>
/// <param name="outputs">Predictions a row.</param>
internal abstract class PredictionFunction(int outputs)
{
    public int Outputs { get; } = outputs;

    /// <summary>The function for a model that is cut to its first rounds of boosting.</summary>
    public virtual PredictionFunction ForRounds(int rounds) => this;

    /// <param name="margins">Of one row.</param>
    /// <param name="predictions">Of that row; <see cref="Outputs"/>, all of which are written.</param>
    public abstract void Apply(ReadOnlySpan<double> margins, Span<double> predictions);
}
