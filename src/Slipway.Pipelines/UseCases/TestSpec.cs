using System.Collections.Immutable;
using Slipway.Core.Specs;

namespace Slipway.Pipelines.UseCases;

[Summary("Rows as the source would give them, and what must come out.")]
[Example("{ given: [{ season: 1, temp: 9.8 }], expect: [{ prediction: { near: 16.0, within: 0.5 } }] }")]
public sealed record TestSpec(
    [Summary("Rows: for each column of the source its value; a column left out is missing.")] ImmutableArray<OrderedDictionary<string, object?>> Given,
    [Summary("One item for each row given: for each column that an action would see, what is expected.")] ImmutableArray<OrderedDictionary<string, Expectation>> Expect,
    [Summary("What the test is about.")] string? Name = null)
{
    /// <exception cref="ArgumentException">There are no rows.</exception>
    public ImmutableArray<OrderedDictionary<string, object?>> Given { get; init; } = Given.IsEmpty ? throw new ArgumentException("give at least one row", nameof(Given)) : Given;

    /// <exception cref="ArgumentException">There are more or fewer items than rows given.</exception>
    public ImmutableArray<OrderedDictionary<string, Expectation>> Expect { get; init; } = Expect.Length == Given.Length
        ? Expect
        : throw new ArgumentException($"has {Expect.Length} items for {Given.Length} rows given; write one for each, {{}} where nothing is expected", nameof(Expect));
}

/// <summary>What one value must be: exactly this, near a number, or within bounds.</summary>
[Summary("A value to equal (null: missing), or a mapping with near and within, or with min and max.")]
public sealed record Expectation(
    [Body, Summary("Equal to this, in the column's own type; null: missing.")] object? Value = null,
    [Summary("At most `within` away from this.")] double? Near = null,
    [Summary("The largest distance from `near`, zero or more.")] double? Within = null,
    [Summary("At least this.")] double? Min = null,
    [Summary("At most this.")] double? Max = null)
{
    /// <exception cref="FormatException">The fields do not go together.</exception>
    public double? Near { get; init; } = (Value, Near, Within, Min, Max) switch
    {
        (null, { }, >= 0, null, null) => Near,
        (_, null, null, null, null) => null,
        (null, null, null, _, _) when !(Min > Max) => null,
        (null, { }, null, _, _) => throw new FormatException("near needs within: how far away may it be?"),
        (null, _, < 0, _, _) => throw new FormatException("within is a distance: zero or more"),
        _ => throw new FormatException("write a value, or near and within, or min and max with min below max"),
    };
}
