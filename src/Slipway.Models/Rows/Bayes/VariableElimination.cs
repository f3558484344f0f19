using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Rows.Bayes;

/// <summary>A function of some unknown nodes.</summary>
/// <param name="Nodes">Their places.</param>
/// <param name="Values">For every combination of their values, the first node's changing fastest.</param>
internal sealed record Factor(int[] Nodes, double[] Values);

/// <summary>
/// Sums nodes out of a product of distributions one after the other, each time the one that leaves the smallest table (Zhang and Poole 1994): for rows of
/// which so little is known that combinations cannot be enumerated. Allocates its tables.
/// </summary>
internal sealed class VariableElimination(ImmutableArray<NetworkNode> nodes)
{
    private const int MaxTable = 1 << 22;

    /// <summary>Products of table cells for a row: a second or two.</summary>
    private const long MaxWork = 1 << 26;

    private readonly List<Factor> _factors = [];
    private long _work;

    /// <summary>Multiplies a node's distribution into the product, as a function of what is unknown of the node and its parents; their slots are used.</summary>
    public void Multiply(in Row row, int node, ReadOnlySpan<bool> known)
    {
        var scope = new List<int>();
        foreach (var parent in nodes[node].Parents)
        {
            if (!known[parent]) scope.Add(parent);
        }
        if (!known[node]) scope.Add(node);
        var factor = new Factor([.. scope], new double[Size(scope)]);
        var digits = new int[scope.Count];
        var most = double.NegativeInfinity;
        for (var i = 0; i < factor.Values.Length; i++)
        {
            for (var s = 0; s < digits.Length; s++) row[nodes[scope[s]].Slot] = Values(scope[s])[digits[s]];
            most = Math.Max(most, factor.Values[i] = nodes[node].LogLikelihood(row));
            Step(digits, scope);
        }
        foreach (ref var value in factor.Values.AsSpan()) value = double.IsNegativeInfinity(value) ? 0 : Math.Exp(value - most);
        _factors.Add(factor);
    }

    /// <summary>The product as a function of the wanted nodes alone, up to a constant factor.</summary>
    /// <exception cref="RecordException">A table on the way would be too large.</exception>
    public Factor Solve(int[] wanted)
    {
        var waiting = new HashSet<int>(_factors.SelectMany(f => f.Nodes));
        waiting.ExceptWith(wanted);
        while (waiting.Count > 0)
        {
            var next = waiting.MinBy(n => LogSize(Union(n)));
            var joined = Union(next);
            joined.Remove(next);
            var factor = Sum(joined, next, _factors.FindAll(f => f.Nodes.Contains(next)));
            _factors.RemoveAll(f => f.Nodes.Contains(next));
            _factors.Add(factor);
            waiting.Remove(next);
        }
        return Sum([.. wanted], null, _factors);
    }

    /// <summary>Moves to the next combination of the nodes' values.</summary>
    public void Step(int[] digits, IReadOnlyList<int> scope)
    {
        for (var i = 0; i < digits.Length && ++digits[i] == Values(scope[i]).Length; i++) digits[i] = 0;
    }

    private List<int> Union(int node) => [.. _factors.Where(f => f.Nodes.Contains(node)).SelectMany(f => f.Nodes).Distinct()];

    private double LogSize(List<int> scope) => scope.Sum(n => Math.Log(Values(n).Length));

    /// <summary>The product of factors over a scope, summed over one more node.</summary>
    private Factor Sum(List<int> scope, int? summed, List<Factor> factors)
    {
        List<int> all = summed is { } node ? [node, .. scope] : scope;
        var size = Size(all);
        _work += (long)size * factors.Count;
        if (_work > MaxWork) throw new RecordException($"too little is known: more than {MaxWork} products would have to be summed");
        var strides = factors.ConvertAll(f => Strides(f, all));
        var digits = new int[all.Count];
        var values = new double[Size(scope)];
        var inner = size / values.Length;
        double most = 0;
        for (var i = 0; i < size; i++)
        {
            double product = 1;
            for (var f = 0; f < factors.Count; f++)
            {
                var index = 0;
                for (var d = 0; d < digits.Length; d++) index += digits[d] * strides[f][d];
                product *= factors[f].Values[index];
            }
            most = Math.Max(most, values[i / inner] += product);
            Step(digits, all);
        }
        if (most > 0)
        {
            foreach (ref var value in values.AsSpan()) value /= most;
        }
        return new Factor([.. scope], values);
    }

    private int[] Strides(Factor factor, List<int> scope)
    {
        var strides = new int[scope.Count];
        var stride = 1;
        foreach (var node in factor.Nodes)
        {
            strides[scope.IndexOf(node)] = stride;
            stride *= Values(node).Length;
        }
        return strides;
    }

    private int Size(List<int> scope)
    {
        long size = 1;
        foreach (var node in scope)
        {
            size *= Values(node).Length;
            if (size > MaxTable) throw new RecordException($"too little is known: unknown nodes, '{nodes[node].Name}' among them, depend on each other in more than {MaxTable} combinations");
        }
        return (int)size;
    }

    private ImmutableArray<double> Values(int node) => ((DiscreteNode)nodes[node]).Values;
}
