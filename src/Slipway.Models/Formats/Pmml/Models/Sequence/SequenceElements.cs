using System.Collections.Immutable;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows.Sequences;

namespace Slipway.Models.Formats.Pmml.Models.Sequence;

/// <summary>The element <c>SetPredicate</c>: values of a field that occur together.</summary>
internal sealed record SetPredicate(Place Place, string Id, string Field, ImmutableArray<string> Values)
{
    public static SetPredicate Read(ElementReader e)
    {
        var (place, id, field) = (e.Place, e.Require("id"), e.Require("field"));
        if (e.Attribute("operator") is { } relation && relation != "supersetOf") throw e.Fault($"operator=\"{relation}\" is unknown; it may be supersetOf");
        ImmutableArray<string> values = [];
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Array") values = ArrayElement.ReadTexts(e);
        }
        return new SetPredicate(place, id, field, values);
    }
}

/// <summary>Sets that follow each other: the element <c>Sequence</c>.</summary>
/// <param name="Sets">Each with how it follows the one before.</param>
internal sealed record SequenceElement(Place Place, string Id, ImmutableArray<(Succession Succession, string SetId)> Sets)
{
    private static readonly Choices<bool> Delimiters = new(("sameTimeWindow", true), ("acrossTimeWindows", false));

    private static readonly Choices<bool> Gaps = new(("true", true), ("false", false), ("unknown", true));

    public static SequenceElement Read(ElementReader e)
    {
        var (place, id) = (e.Place, e.Require("id"));
        var sets = ImmutableArray.CreateBuilder<(Succession, string)>();
        var succession = Succession.Later;
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "Delimiter") succession = ReadDelimiter(e);
            else if (e.Name == "SetReference") sets.Add((succession, e.Require("setId")));
        }
        return sets.Count == 0 ? throw place.Fault("it has no SetReference") : new SequenceElement(place, id, sets.DrainToImmutable());
    }

    public static Succession ReadDelimiter(ElementReader e) =>
        e.RequireChoice("delimiter", Delimiters) ? Succession.Together : e.Choice("gap", Gaps, true) ? Succession.Later : Succession.Next;
}

/// <summary>The element <c>SequenceRule</c>.</summary>
internal sealed record SequenceRule(Place Place, string Id, string Antecedent, Succession Succession, string Consequent, double Support, double Confidence, double? Lift)
{
    public static SequenceRule Read(ElementReader e)
    {
        var rule = new SequenceRule(e.Place, e.Require("id"), "", Succession.Later, "", e.RequireNumber("support"), e.RequireNumber("confidence"), e.Number("lift"));
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            rule = e.Name switch
            {
                "AntecedentSequence" => rule with { Antecedent = ReadReference(e) },
                "ConsequentSequence" => rule with { Consequent = ReadReference(e) },
                "Delimiter" => rule with { Succession = SequenceElement.ReadDelimiter(e) },
                _ => rule,
            };
        }
        return rule.Antecedent.Length == 0 || rule.Consequent.Length == 0 ? throw rule.Place.Fault("it needs an AntecedentSequence and a ConsequentSequence") : rule;
    }

    private static string ReadReference(ElementReader e)
    {
        var (place, id) = (e.Place, "");
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name == "SequenceReference") id = e.Require("seqId");
        }
        return id.Length == 0 ? throw place.Fault("it has no SequenceReference") : id;
    }
}

/// <summary>The bounds on time in the element <c>Constraints</c>; sequences are counted, and looked for, within them.</summary>
internal sealed record SequenceTimes(TimeBound BetweenSets, TimeBound BeforeConsequent, TimeBound Total)
{
    public static readonly SequenceTimes Unbounded = new(TimeBound.None, TimeBound.None, TimeBound.None);

    public static SequenceTimes Read(ElementReader e) => new(Bound(e, "ItemsetSeparationTime"), Bound(e, "AntConsSeparationTime"), Bound(e, "TotalSequenceTime"));

    private static TimeBound Bound(ElementReader e, string what)
    {
        var (low, high) = (e.Number("minimum" + what, 0), e.Number("maximum" + what, double.PositiveInfinity));
        return low <= 0 && double.IsPositiveInfinity(high) ? TimeBound.None : new TimeBound(low, high);
    }
}
