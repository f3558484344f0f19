using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Core.Expressions;

public enum WatchState
{
    /// <summary>The condition holds: all is well.</summary>
    Held,
    /// <summary>The condition does not hold: someone should know.</summary>
    Crossed,
    /// <summary>A value that decides it is not known yet.</summary>
    Unknown,
}

/// <param name="Value">The left side of the comparison that decided; null when unknown or when it is not a number.</param>
/// <param name="Text">For people: <c>latency.p99 is 81ms, bound &lt; 50ms</c>.</param>
public sealed record WatchOutcome(WatchState State, double? Value, string Text);

/// <summary>A watch whose metrics and columns are resolved. Thread-safe.</summary>
public sealed class BoundWatch
{
    private readonly TruthNode _root;
    private readonly ImmutableArray<WatchClause> _clauses;

    internal BoundWatch(string text, TruthNode root, ImmutableArray<WatchClause> clauses, ImmutableArray<string> columns)
    {
        Text = text;
        _root = root;
        _clauses = clauses;
        Columns = columns;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>The columns that it takes aggregates of.</summary>
    public ImmutableArray<string> Columns { get; }

    public WatchOutcome Evaluate(IWatchValues values)
    {
        var frame = new Frame(null, values, 0, 1);
        Span<byte> truth = stackalloc byte[1];
        _root.Evaluate(frame, truth);
        var state = truth[0] switch
        {
            Truth.True => WatchState.Held,
            Truth.False => WatchState.Crossed,
            _ => WatchState.Unknown,
        };
        double? value = null;
        var texts = new List<string>();
        foreach (var clause in _clauses)
        {
            clause.Condition.Evaluate(frame, truth);
            var good = clause.Negated ? Truth.True - truth[0] : truth[0];
            var decides = state switch
            {
                WatchState.Held => good == Truth.True,
                WatchState.Crossed => good == Truth.False,
                _ => good == Truth.Unknown,
            };
            if (!decides) continue;
            if (texts.Count == 0) value = clause.Value(frame);
            texts.Add(clause.Describe(frame, truth[0]));
        }
        return new WatchOutcome(state, value, string.Join("; ", texts));
    }
}

/// <summary>One comparison of a watch.</summary>
/// <param name="Negated">It stands under an odd number of <c>not</c>.</param>
/// <param name="Subject">The left side, when it is a number.</param>
/// <param name="Bound">Operator and right side as written; empty for a condition that is not a comparison.</param>
/// <param name="Limit">The right side, when it varies.</param>
internal sealed record WatchClause(TruthNode Condition, bool Negated, NumberNode? Subject, string Written, string Bound, NumberNode? Limit, NumberUnit Unit)
{
    public double? Value(in Frame frame) => ValueOf(Subject, frame);

    public string Describe(in Frame frame, byte truth)
    {
        if (Bound.Length == 0)
        {
            return truth == Truth.Unknown ? $"{Written} is not known yet" : $"{Written} is {(truth == Truth.True ? "true" : "false")}";
        }
        var bound = (Negated ? "not " : "") + Bound;
        if (Limit is not null) bound += ValueOf(Limit, frame) is { } limit ? $" ({Format(limit)})" : " (not known yet)";
        return $"{Written} is {(Value(frame) is { } value ? Format(value) : "not known yet")}, bound {bound}";
    }

    private static double? ValueOf(NumberNode? node, in Frame frame)
    {
        if (node is null) return null;
        Span<double> value = stackalloc double[1];
        node.Evaluate(frame, value);
        return double.IsNaN(value[0]) ? null : value[0];
    }

    private string Format(double value) => Unit switch
    {
        NumberUnit.Percent => string.Create(CultureInfo.InvariantCulture, $"{value * 100:G4}%"),
        NumberUnit.Duration => FormatDuration(value),
        _ => value.ToString("G6", CultureInfo.InvariantCulture),
    };

    private static string FormatDuration(double seconds)
    {
        var (unit, size) = Math.Abs(seconds) switch
        {
            < 1 => ("ms", 0.001),
            < 120 => ("s", 1),
            < 7200 => ("m", 60),
            < 172800 => ("h", 3600.0),
            _ => ("d", 86400.0),
        };
        return (seconds / size).ToString("G4", CultureInfo.InvariantCulture) + unit;
    }
}
