using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Rows.Bayes;

/// <summary>
/// Infers targets from whatever else is known of a row, exactly. The unknown variables that do not matter (without known descendants, or separated from the
/// target by what is known) are left out; the combinations of the others are enumerated when they are few, else eliminated one by one.
/// A discrete target is its most probable value, a continuous one its mean. Where no value of the target allows what is known there is no answer.
/// </summary>
/// <param name="nodes">Parents before children, at most <see cref="MaxNodes"/>.</param>
/// <param name="targets">For every result, the place of its node.</param>
internal sealed class BayesianNetwork(ImmutableArray<ModelResult> results, ImmutableArray<NetworkNode> nodes, ImmutableArray<int> targets) : RowModel(results)
{
    public const int MaxNodes = 1000;

    /// <summary>How many distributions an enumeration may look at; beyond, elimination is faster.</summary>
    private const double MaxEnumeration = 1 << 14;

    public override void Score(in Row row)
    {
        Span<bool> known = stackalloc bool[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            var cell = nodes[i].Evidence?.Evaluate(row) ?? Cell.Missing;
            known[i] = nodes[i].Knows(cell);
            row[nodes[i].Slot] = known[i] ? cell : Cell.Missing;
        }
        for (var t = 0; t < targets.Length; t++) Infer(row, known, targets[t], Results[t]);
    }

    private void Infer(in Row row, ReadOnlySpan<bool> known, int target, ModelResult result)
    {
        Span<bool> relevant = stackalloc bool[nodes.Length];
        Span<bool> open = stackalloc bool[nodes.Length];
        Span<int> steps = stackalloc int[nodes.Length];
        MarkRelevant(known, target, relevant);
        MarkOpen(known, relevant, target, open);
        steps = steps[..Plan(known, relevant, open, target, steps, out var work)];
        if (work > MaxEnumeration) Eliminate(row, known, steps, target, result);
        else EnumerateAll(row, known, steps, target, result);
        foreach (var step in steps)
        {
            if (!known[step]) row[nodes[step].Slot] = Cell.Missing;
        }
    }

    private void EnumerateAll(in Row row, ReadOnlySpan<bool> known, ReadOnlySpan<int> steps, int target, ModelResult result)
    {
        if (nodes[target] is DiscreteNode discrete)
        {
            var logs = row.Cells.Slice(result.Probabilities, discrete.Values.Length);
            logs.Fill(double.NegativeInfinity);
            Enumerate(row, known, steps, 0, new Leaf(discrete, null, logs));
            WriteProbabilities(row, result, logs);
            return;
        }
        Span<double> mean = [double.NegativeInfinity, 0, 0];
        Enumerate(row, known, steps, 0, new Leaf(null, (ContinuousNode)nodes[target], mean));
        WriteMean(row, result, mean[1], mean[2]);
    }

    private void Eliminate(in Row row, ReadOnlySpan<bool> known, ReadOnlySpan<int> steps, int target, ModelResult result)
    {
        var elimination = new VariableElimination(nodes);
        foreach (var step in steps) elimination.Multiply(row, step, known);
        if (nodes[target] is DiscreteNode discrete)
        {
            var joint = elimination.Solve([target]).Values;
            var logs = row.Cells.Slice(result.Probabilities, discrete.Values.Length);
            for (var i = 0; i < joint.Length; i++) logs[i] = Math.Log(joint[i]);
            WriteProbabilities(row, result, logs);
            return;
        }
        var parents = new List<int>();
        foreach (var parent in nodes[target].Parents)
        {
            if (!known[parent]) parents.Add(parent);
        }
        var factor = elimination.Solve([.. parents]);
        var digits = new int[parents.Count];
        double weights = 0, sum = 0;
        foreach (var weight in factor.Values)
        {
            for (var d = 0; d < digits.Length; d++) row[nodes[parents[d]].Slot] = ((DiscreteNode)nodes[parents[d]]).Values[digits[d]];
            weights += weight;
            if (weight > 0) sum += weight * ((ContinuousNode)nodes[target]).Mean(row);
            elimination.Step(digits, parents);
        }
        WriteMean(row, result, weights, sum);
    }

    private static void WriteMean(in Row row, ModelResult result, double weights, double sum) =>
        row[result.Predicted] = weights > 0 && !double.IsNaN(sum) ? sum / weights : Cell.Missing;

    /// <summary>The target, what is known, and all that these depend on: the rest sums to 1.</summary>
    private void MarkRelevant(ReadOnlySpan<bool> known, int target, Span<bool> relevant)
    {
        known.CopyTo(relevant);
        relevant[target] = true;
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            if (!relevant[i]) continue;
            foreach (var parent in nodes[i].Parents) relevant[parent] = true;
        }
    }

    /// <summary>The unknown nodes that share a distribution with the target, or with one that does, and so on.</summary>
    private void MarkOpen(ReadOnlySpan<bool> known, ReadOnlySpan<bool> relevant, int target, Span<bool> open)
    {
        open[target] = true;
        for (var grew = true; grew;)
        {
            grew = false;
            for (var i = 0; i < nodes.Length; i++)
            {
                if (!relevant[i] || !Touches(i, open)) continue;
                grew |= Open(i, known, open);
                foreach (var parent in nodes[i].Parents) grew |= Open(parent, known, open);
            }
        }
    }

    private static bool Open(int node, ReadOnlySpan<bool> known, Span<bool> open)
    {
        if (known[node] || open[node]) return false;
        return open[node] = true;
    }

    private bool Touches(int node, ReadOnlySpan<bool> open)
    {
        if (open[node]) return true;
        foreach (var parent in nodes[node].Parents)
        {
            if (open[parent]) return true;
        }
        return false;
    }

    /// <summary>The nodes whose distributions depend on something open, parents first; a continuous target is left to the end of each combination.</summary>
    /// <param name="work">How many distributions an enumeration would look at.</param>
    /// <returns>How many.</returns>
    private int Plan(ReadOnlySpan<bool> known, ReadOnlySpan<bool> relevant, ReadOnlySpan<bool> open, int target, Span<int> steps, out double work)
    {
        var count = 0;
        double combinations = 1;
        work = 0;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (!relevant[i] || !Touches(i, open)) continue;
            if (nodes[target] is ContinuousNode)
            {
                if (i == target) continue;
                if (nodes[i].Parents.Contains(target)) throw new RecordException($"'{nodes[target].Name}' is a number on which the known '{nodes[i].Name}' depends: this has no exact answer; leave '{nodes[i].Name}' out");
            }
            if (!known[i])
            {
                if (nodes[i] is not DiscreteNode discrete) throw new RecordException($"'{nodes[i].Name}' is a number without a value, on which '{nodes[target].Name}' depends: this has no exact answer; give '{nodes[i].Name}' a value");
                combinations *= discrete.Values.Length;
            }
            work += combinations;
            steps[count++] = i;
        }
        return count;
    }

    private void Enumerate(in Row row, ReadOnlySpan<bool> known, ReadOnlySpan<int> steps, double log, Leaf leaf)
    {
        if (steps.IsEmpty)
        {
            leaf.Add(row, log);
            return;
        }
        var node = nodes[steps[0]];
        if (known[steps[0]])
        {
            var next = log + node.LogLikelihood(row);
            if (!double.IsNegativeInfinity(next)) Enumerate(row, known, steps[1..], next, leaf);
            return;
        }
        foreach (var value in ((DiscreteNode)node).Values)
        {
            row[node.Slot] = value;
            var next = log + node.LogLikelihood(row);
            if (!double.IsNegativeInfinity(next)) Enumerate(row, known, steps[1..], next, leaf);
        }
    }

    private static void WriteProbabilities(in Row row, ModelResult result, Span<double> logs)
    {
        var winner = Regressions.Winner.Of(logs);
        if (!double.IsFinite(logs[winner]))
        {
            result.Clear(row);
            return;
        }
        Regressions.Normalizations.SoftMax(logs);
        row[result.Predicted] = result.Categories[winner];
    }

    /// <summary>What becomes of a combination.</summary>
    /// <param name="sums">Of a discrete target: for every value the logarithm of the sum. Of a continuous one: the greatest logarithm, then weights and weighted means relative to it.</param>
    private readonly ref struct Leaf(DiscreteNode? discrete, ContinuousNode? continuous, Span<double> sums)
    {
        private readonly Span<double> _sums = sums;

        public void Add(in Row row, double log)
        {
            if (discrete is not null)
            {
                ref var sum = ref _sums[discrete.IndexOf(row[discrete.Slot])];
                var (great, small) = sum > log ? (sum, log) : (log, sum);
                sum = great + Math.Log(1 + Math.Exp(small - great));
                return;
            }
            if (log > _sums[0])
            {
                var scale = Math.Exp(_sums[0] - log);
                _sums[0] = log;
                _sums[1] *= scale;
                _sums[2] *= scale;
            }
            var weight = Math.Exp(log - _sums[0]);
            _sums[1] += weight;
            _sums[2] += weight * continuous!.Mean(row);
        }
    }
}
