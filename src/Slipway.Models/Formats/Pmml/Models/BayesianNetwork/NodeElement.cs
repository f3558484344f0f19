using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Transformations;
using Slipway.Models.Rows.Distributions;

namespace Slipway.Models.Formats.Pmml.Models.BayesianNetwork;

/// <summary>The element <c>ParentValue</c>.</summary>
internal readonly record struct ParentValue(Place Place, string Parent, string Value);

/// <summary>The element <c>ValueProbability</c>.</summary>
internal readonly record struct ValueProbability(Place Place, string Value, double Probability);

/// <summary>A distribution with expressions for parameters: <c>NormalDistributionForBN</c> and its like.</summary>
internal sealed record DistributionForNode(Place Place, DistributionKind Kind, Expression First, Expression Second, Expression? Third);

/// <summary>What holds for some values of the parents; for all when there are none.</summary>
internal sealed record NodeCase(Place Place, ImmutableArray<ParentValue> Parents, ImmutableArray<ValueProbability> Probabilities, DistributionForNode? Distribution);

/// <summary>The elements <c>DiscreteNode</c> and <c>ContinuousNode</c> (PMML 4.4.1, Bayesian Network Models).</summary>
/// <param name="Derived">Fields that only this node uses.</param>
internal sealed record NodeElement(Place Place, string Name, bool IsDiscrete, ImmutableArray<DerivedField> Derived, ImmutableArray<NodeCase> Cases)
{
    public static NodeElement Read(ElementReader e)
    {
        var node = new NodeElement(e.Place, e.Require("name"), e.Name == "DiscreteNode", [], []);
        var derived = ImmutableArray.CreateBuilder<DerivedField>();
        var cases = ImmutableArray.CreateBuilder<NodeCase>();
        var probabilities = ImmutableArray.CreateBuilder<ValueProbability>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            switch (e.Name)
            {
                case "DerivedField":
                    derived.Add(DerivedField.Read(e));
                    break;
                case "ValueProbability":
                    probabilities.Add(ReadProbability(e));
                    break;
                case "ContinuousDistribution":
                    cases.Add(new NodeCase(node.Place, [], [], ReadDistribution(e)));
                    break;
                case "DiscreteConditionalProbability" or "ContinuousConditionalProbability":
                    cases.Add(ReadCase(e));
                    break;
            }
        }
        if (probabilities.Count > 0) cases.Add(new NodeCase(node.Place, [], probabilities.DrainToImmutable(), null));
        if (cases.Count == 0) throw node.Place.Fault($"the node '{node.Name}' has no probabilities");
        foreach (var c in cases)
        {
            if (node.IsDiscrete == (c.Distribution is not null)) throw c.Place.Fault($"the node '{node.Name}' is {(node.IsDiscrete ? "discrete and needs ValueProbability" : "continuous and needs a ContinuousDistribution")}");
        }
        return node with { Derived = derived.DrainToImmutable(), Cases = cases.DrainToImmutable() };
    }

    private static NodeCase ReadCase(ElementReader e)
    {
        var place = e.Place;
        var parents = ImmutableArray.CreateBuilder<ParentValue>();
        var probabilities = ImmutableArray.CreateBuilder<ValueProbability>();
        DistributionForNode? distribution = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "ParentValue") parents.Add(new ParentValue(e.Place, e.Require("parent"), e.Require("value")));
            else if (e.Name == "ValueProbability") probabilities.Add(ReadProbability(e));
            else if (e.Name == "ContinuousDistribution") distribution = ReadDistribution(e);
        }
        return new NodeCase(place, parents.DrainToImmutable(), probabilities.DrainToImmutable(), distribution);
    }

    private static ValueProbability ReadProbability(ElementReader e)
    {
        var probability = e.RequireNumber("probability");
        return probability is >= 0 and <= 1 ? new ValueProbability(e.Place, e.Require("value"), probability) : throw e.Fault($"probability=\"{probability}\" is outside 0…1");
    }

    private static DistributionForNode ReadDistribution(ElementReader e)
    {
        var place = e.Place;
        DistributionForNode? distribution = null;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            distribution = e.Name switch
            {
                "NormalDistributionForBN" => ReadParameters(e, DistributionKind.Normal, "Mean", "Variance", null),
                "LognormalDistributionForBN" => ReadParameters(e, DistributionKind.LogNormal, "Mean", "Variance", null),
                "UniformDistributionForBN" => ReadParameters(e, DistributionKind.Uniform, "Lower", "Upper", null),
                "TriangularDistributionForBN" => ReadParameters(e, DistributionKind.Triangular, "Mean", "Lower", "Upper"),
                _ => distribution,
            };
        }
        return distribution ?? throw place.Fault("it has no distribution: Normal-, Lognormal-, Uniform- or TriangularDistributionForBN");
    }

    private static DistributionForNode ReadParameters(ElementReader e, DistributionKind kind, string first, string second, string? third)
    {
        var place = e.Place;
        var found = new Dictionary<string, Expression>(StringComparer.Ordinal);
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == first || e.Name == second || e.Name == third) found[e.Name] = Expression.ReadOnly(e);
        }
        return new DistributionForNode(place, kind, Get(first), Get(second), third is null ? null : Get(third));

        Expression Get(string name) => found.GetValueOrDefault(name) ?? throw place.Fault($"it has no {name}");
    }
}
