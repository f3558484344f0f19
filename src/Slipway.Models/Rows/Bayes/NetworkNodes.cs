using System.Collections.Immutable;
using Slipway.Models.Rows.Distributions;

namespace Slipway.Models.Rows.Bayes;

/// <summary>A variable of a Bayesian network.</summary>
/// <param name="slot">Where its value is while a row is scored; what depends on it reads it there.</param>
/// <param name="evidence">What rows say its value is; null for a variable that they never have.</param>
/// <param name="parents">The places of the nodes it depends on, all less than its own.</param>
internal abstract class NetworkNode(string name, int slot, RowExpression? evidence, ImmutableArray<int> parents)
{
    public string Name { get; } = name;

    public int Slot { get; } = slot;

    public RowExpression? Evidence { get; } = evidence;

    public ImmutableArray<int> Parents { get; } = parents;

    /// <summary>The node can have this value.</summary>
    public abstract bool Knows(double cell);

    /// <summary>The logarithm of the probability (density) of the value in the slot, given the parents' values in theirs.</summary>
    public abstract double LogLikelihood(in Row row);
}

/// <summary>Which of a node's distributions holds for the parents' values.</summary>
/// <param name="parents">What is looked at.</param>
/// <param name="digits">For every parent, the number of each of its values.</param>
/// <param name="strides">For every parent, what a step of its number is in <paramref name="rows"/>.</param>
/// <param name="rows">For every combination, the number of the distribution, or −1.</param>
internal sealed class ParentTable(ImmutableArray<RowExpression> parents, ImmutableArray<CellMap> digits, ImmutableArray<int> strides, int[] rows)
{
    /// <returns>−1 when the model says nothing about the combination.</returns>
    public int Find(in Row row)
    {
        var index = 0;
        for (var i = 0; i < parents.Length; i++)
        {
            var cell = parents[i].Evaluate(row);
            var digit = Cell.IsMissing(cell) ? -1 : (int)digits[i].Find(cell, -1);
            if (digit < 0) return -1;
            index += digit * strides[i];
        }
        return rows[index];
    }
}

/// <summary>A variable with few values.</summary>
/// <param name="values">As cells.</param>
/// <param name="logs">For every row of the table, the logarithm of every value's probability.</param>
internal sealed class DiscreteNode(
    string name, int slot, RowExpression? evidence, ImmutableArray<int> parents, ImmutableArray<double> values, ParentTable table, double[] logs)
    : NetworkNode(name, slot, evidence, parents)
{
    private readonly CellMap _index = new([.. values.Select((v, i) => KeyValuePair.Create(v, (double)i))]);

    public ImmutableArray<double> Values { get; } = values;

    public int IndexOf(double cell) => (int)_index.Find(cell, -1);

    public override bool Knows(double cell) => !Cell.IsMissing(cell) && IndexOf(cell) >= 0;

    public override double LogLikelihood(in Row row)
    {
        var distribution = table.Find(row);
        return distribution < 0 ? double.NegativeInfinity : logs[(distribution * Values.Length) + IndexOf(row[Slot])];
    }
}

/// <summary>A distribution whose parameters depend on the row.</summary>
internal sealed record RowDistribution(DistributionKind Kind, RowExpression First, RowExpression Second, RowExpression? Third)
{
    /// <summary>A triangular distribution is given by its mean, which with the bounds makes its mode.</summary>
    public Distribution Evaluate(in Row row)
    {
        var (first, second, third) = (First.Evaluate(row), Second.Evaluate(row), Third?.Evaluate(row) ?? double.NaN);
        return new Distribution(Kind, Kind == DistributionKind.Triangular ? (3 * first) - second - third : first, second, third);
    }
}

/// <summary>A number.</summary>
/// <param name="distributions">For every row of the table.</param>
internal sealed class ContinuousNode(
    string name, int slot, RowExpression? evidence, ImmutableArray<int> parents, ParentTable table, ImmutableArray<RowDistribution> distributions)
    : NetworkNode(name, slot, evidence, parents)
{
    public override bool Knows(double cell) => !Cell.IsMissing(cell);

    /// <exception cref="Core.RecordException">The parameters make no distribution here.</exception>
    public override double LogLikelihood(in Row row)
    {
        var index = table.Find(row);
        if (index < 0) return double.NegativeInfinity;
        var distribution = distributions[index].Evaluate(row);
        if (!distribution.IsProper) throw new Core.RecordException($"the node '{Name}' has no density here: its distribution is {distribution.Kind} with {distribution.First:R}, {distribution.Second:R}, {distribution.Third:R}");
        return distribution.LogDensity(row[Slot]);
    }

    /// <summary>The mean given the parents; NaN when the model says nothing about their values.</summary>
    public double Mean(in Row row)
    {
        var index = table.Find(row);
        return index < 0 ? double.NaN : distributions[index].Evaluate(row).Mean;
    }
}
