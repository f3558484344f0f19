using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>An equation of Einsum, read: labels of the inputs' dimensions and of the output's; an ellipsis stands for the dimensions that labels leave over.</summary>
internal sealed class EinsumEquation
{
    private const char Ellipsis = '.';

    private EinsumEquation(ImmutableArray<string> inputs, string output)
    {
        Inputs = inputs;
        Output = output;
    }

    /// <summary>The labels of each input; <c>.</c> where the ellipsis is.</summary>
    public ImmutableArray<string> Inputs { get; }

    public string Output { get; }

    public static EinsumEquation Read(NodeInfo node)
    {
        var text = node.Text("equation").Replace(" ", "", StringComparison.Ordinal);
        var arrow = text.IndexOf("->", StringComparison.Ordinal);
        var inputs = (arrow < 0 ? text : text[..arrow]).Split(',').Select(term => Term(node, term)).ToImmutableArray();
        if (inputs.Length != node.InputCount) throw node.Wrong($"the equation '{text}' is of {inputs.Length} inputs, {node.InputCount} are given");
        var output = arrow < 0 ? Implicit(inputs) : Term(node, text[(arrow + 2)..]);
        if (output.Distinct().Count() != output.Length) throw node.Wrong($"the output of the equation '{text}' names a dimension twice");
        if (output.FirstOrDefault(label => !inputs.Any(input => input.Contains(label))) is var missing && missing != default) throw node.Wrong($"no input of the equation '{text}' has dimension '{missing}'");
        return new EinsumEquation(inputs, output);
    }

    /// <summary>Labels of an input of a given rank, dimension by dimension; those of the ellipsis are numbers from the right: 1 is its last.</summary>
    /// <exception cref="ModelException">The rank does not fit the labels.</exception>
    public static int[] Expand(string labels, int rank)
    {
        var named = labels.Length - (labels.Contains(Ellipsis) ? 1 : 0);
        var left = rank - named;
        if (left < 0 || (left > 0 && named == labels.Length)) throw new ModelException($"a tensor of {named} dimensions is expected for '{labels}', one of {rank} is given");
        var expanded = new List<int>(rank);
        foreach (var label in labels)
        {
            if (label != Ellipsis) expanded.Add(label);
            else for (var i = left; i > 0; i--) expanded.Add(-i);
        }
        return [.. expanded];
    }

    /// <summary>Without an output the labels that occur once, in alphabetical order, after the ellipsis.</summary>
    private static string Implicit(ImmutableArray<string> inputs)
    {
        var all = string.Concat(inputs);
        var once = all.Where(label => label != Ellipsis && all.Count(other => other == label) == 1).Order();
        return (all.Contains(Ellipsis) ? Ellipsis.ToString() : "") + string.Concat(once);
    }

    private static string Term(NodeInfo node, string term)
    {
        var labels = term.Replace("...", Ellipsis.ToString(), StringComparison.Ordinal);
        foreach (var label in labels)
        {
            if (label != Ellipsis && !char.IsAsciiLetter(label)) throw node.Wrong($"'{term}' is no term of an equation: letters and one ellipsis are expected");
        }
        return labels.Count(label => label == Ellipsis) <= 1 ? labels : throw node.Wrong($"'{term}' has more than one ellipsis");
    }
}
