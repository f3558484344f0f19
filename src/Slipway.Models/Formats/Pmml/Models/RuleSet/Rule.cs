using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Predicates;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Models.Formats.Pmml.Models.RuleSet;

/// <summary>How the records that a rule holds for spread over the categories.</summary>
internal readonly record struct RuleShare(Place Place, string Category, double RecordCount, double? Probability);

/// <summary>A rule of a rule set: one that says something, or one that holds others.</summary>
internal abstract record Rule(Place Place, Predicate Predicate)
{
    /// <returns>Null when the current element is not a rule.</returns>
    public static Rule? TryRead(ElementReader e) => e.Name switch
    {
        "SimpleRule" => SimpleRule.Read(e),
        "CompoundRule" => CompoundRule.Read(e),
        _ => null,
    };
}

/// <summary>The element <c>SimpleRule</c>.</summary>
internal sealed record SimpleRule(Place Place, Predicate Predicate, string? Id, string Score, double Confidence, double Weight, ImmutableArray<RuleShare> Shares) : Rule(Place, Predicate)
{
    public static SimpleRule Read(ElementReader e)
    {
        var (place, id, score, confidence, weight) = (e.Place, e.Attribute("id"), e.Require("score"), e.Number("confidence", 1), e.Number("weight", 1));
        Predicate? predicate = null;
        var shares = ImmutableArray.CreateBuilder<RuleShare>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "ScoreDistribution") shares.Add(new RuleShare(e.Place, e.Require("value"), e.Number("recordCount", 0), e.Number("probability")));
            else predicate = Predicate.TryRead(e) ?? predicate;
        }
        return new SimpleRule(place, predicate ?? throw place.Fault("it has no predicate"), id, score, confidence, weight, shares.DrainToImmutable());
    }
}

/// <summary>The element <c>CompoundRule</c>: its rules hold only when it does, too.</summary>
internal sealed record CompoundRule(Place Place, Predicate Predicate, ImmutableArray<Rule> Rules) : Rule(Place, Predicate)
{
    public static CompoundRule Read(ElementReader e)
    {
        var place = e.Place;
        Predicate? predicate = null;
        var rules = ImmutableArray.CreateBuilder<Rule>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (TryRead(e) is { } rule) rules.Add(rule);
            else predicate = Predicate.TryRead(e) ?? predicate;
        }
        return new CompoundRule(place, predicate ?? throw place.Fault("it has no predicate"), rules.DrainToImmutable());
    }
}
