using System.Collections.Immutable;

namespace Slipway.Models.Rows.Sequences;

/// <summary>How a set follows the one before it.</summary>
internal enum Succession : byte
{
    /// <summary>In the same time window.</summary>
    Together,

    /// <summary>In the very next time window.</summary>
    Next,

    /// <summary>In any later time window.</summary>
    Later,
}

/// <summary>A bound on time, inclusive at both ends.</summary>
internal readonly record struct TimeBound(double Low, double High)
{
    public static readonly TimeBound None = new(double.NegativeInfinity, double.PositiveInfinity);

    public bool Contains(double time) => time >= Low && time <= High;
}

/// <summary>A set of items that follows another.</summary>
/// <param name="Apart">The time between their windows.</param>
/// <param name="Items">By number.</param>
internal sealed record SequenceStep(Succession Succession, TimeBound Apart, ImmutableArray<int> Items);

/// <summary>Sets of items that happen in an order.</summary>
/// <param name="Steps">The succession of the first means nothing.</param>
/// <param name="Total">The time from the first to the last.</param>
internal sealed record SequencePattern(ImmutableArray<SequenceStep> Steps, TimeBound Total);
