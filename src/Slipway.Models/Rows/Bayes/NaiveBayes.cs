using System.Collections.Immutable;
using System.Numerics.Tensors;
using Slipway.Models.Rows.Distributions;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Rows.Bayes;

/// <summary>
/// The probability of every category by the fields one by one, as if they were independent. Everything is a sum of logarithms; a field without a
/// value, or with one that the model does not know, says nothing. When no category is possible there is no result.
/// </summary>
/// <param name="priors">The logarithm of every category's frequency.</param>
internal sealed class NaiveBayes(ModelResult result, double[] priors, ImmutableArray<BayesEvidence> evidence) : RowModel(result)
{
    public override void Score(in Row row)
    {
        var logs = row.Cells.Slice(Result.Probabilities, priors.Length);
        priors.CopyTo(logs);
        foreach (var field in evidence) field.Add(row, logs);
        var winner = Winner.Of(logs);
        if (!double.IsFinite(logs[winner]))
        {
            Result.Clear(row);
            return;
        }
        Normalizations.SoftMax(logs);
        row[Result.Predicted] = Result.Categories[winner];
    }
}

/// <summary>What one field says about the categories.</summary>
internal abstract class BayesEvidence
{
    /// <summary>Adds the logarithm of the value's likelihood under every category.</summary>
    public abstract void Add(in Row row, Span<double> logs);
}

/// <summary>A field with few values.</summary>
/// <param name="values">The number of every known value, from 0.</param>
/// <param name="likelihoods">For every value, the logarithm of its likelihood under every category.</param>
internal sealed class CategoryEvidence(RowExpression field, CellMap values, double[] likelihoods) : BayesEvidence
{
    public override void Add(in Row row, Span<double> logs)
    {
        var cell = field.Evaluate(row);
        if (Cell.IsMissing(cell)) return;
        var value = (int)values.Find(cell, -1);
        if (value >= 0) TensorPrimitives.Add(logs, likelihoods.AsSpan(value * logs.Length, logs.Length), logs);
    }
}

/// <summary>A number.</summary>
/// <param name="distributions">Of the number under every category; an improper one says nothing.</param>
/// <param name="logThreshold">The least that a density may be, as a logarithm.</param>
internal sealed class DensityEvidence(RowExpression field, Distribution[] distributions, double logThreshold) : BayesEvidence
{
    public override void Add(in Row row, Span<double> logs)
    {
        var cell = field.Evaluate(row);
        if (Cell.IsMissing(cell)) return;
        for (var i = 0; i < distributions.Length; i++)
        {
            if (distributions[i].IsProper) logs[i] += Math.Max(distributions[i].LogDensity(cell), logThreshold);
        }
    }
}
