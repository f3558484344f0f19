using System.Collections.Immutable;
using Slipway.Models.Rows.Regressions;

namespace Slipway.Models.Rows.NeuralNetworks;

/// <summary>What becomes of the neurons that speak for a target.</summary>
internal abstract class NetworkOutput(ModelResult result)
{
    public ModelResult Result { get; } = result;

    /// <summary>Writes every slot of the result.</summary>
    public abstract void Write(in Row row);
}

/// <summary>One neuron's output, in the target's own units.</summary>
/// <param name="inverse">Null when the neuron gives them already.</param>
internal sealed class NumberOutput(ModelResult result, int neuron, Denormalization? inverse) : NetworkOutput(result)
{
    public override void Write(in Row row)
    {
        var value = row[neuron];
        row[Result.Predicted] = Cell.Number(inverse is null ? value : inverse.Of(value));
    }
}

/// <summary>A neuron for each category: the greatest output wins, the first of equals.</summary>
/// <param name="neurons">One for each category; with one less, the last category has what is left of 1.</param>
/// <param name="identifiers">Of the neurons, as symbols.</param>
internal sealed class CategoryOutput(ModelResult result, ImmutableArray<int> neurons, ImmutableArray<double> identifiers) : NetworkOutput(result)
{
    public override void Write(in Row row)
    {
        var values = row.Cells.Slice(Result.Probabilities, Result.Categories.Length);
        for (var i = 0; i < neurons.Length; i++) values[i] = Cell.Number(row[neurons[i]]);
        if (neurons.Length < values.Length) values[^1] = 1 - values[0];
        var winner = Winner.Of(values);
        row[Result.Predicted] = Result.Categories[winner];
        row[Result.EntityId] = identifiers[Math.Min(winner, identifiers.Length - 1)];
    }
}
