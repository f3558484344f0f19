using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Slipway.Core.Expressions;

/// <summary>
/// A condition or a value over columns, as people write it: <c>prediction &gt; 500 and season in (1, 2)</c>.
/// <para>Values are numbers (any numeric column, read as a double), text (<c>'a'</c> or <c>"a"</c>, a doubled quote for a quote) and <c>true</c>/<c>false</c>.
/// <c>50ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>7d</c>, <c>2w</c> are seconds; <c>2%</c> is 0.02. A column is a name of letters, digits and <c>_</c>, also with
/// <c>.</c> or <c>-</c> before a further letter; any other name goes in back-ticks: <c>`Torque [Nm]`</c>. So a minus between names needs spaces.</para>
/// <para>Weakest first: <c>or</c>, <c>and</c>, <c>not</c>, comparisons (<c>= == != &lt;&gt; &lt; &lt;= &gt; &gt;=</c>, <c>between a and b</c>, <c>in (…)</c>, <c>is missing</c>), <c>+ -</c>,
/// <c>* / %</c>, unary minus. <c>%</c> has the sign of the divisor, as in Python. Functions: <see cref="ExpressionFunctions"/>.</para>
/// <para>A constant beside a 32- or 16-bit column is rounded to that width, so that <c>x = 0.1</c> can hold.</para>
/// <para>Missing values follow SQL: what is computed from a missing value is missing, a comparison with one is unknown, and an unknown condition does not hold.
/// Arithmetic is IEEE 754: 1/0 is infinity; what is not a number (0/0, the square root of −1, a NaN in a column) is missing.</para>
/// </summary>
public sealed class Expression : IParsable<Expression>, IEquatable<Expression>
{
    private readonly Syntax _syntax;

    private Expression(string text, Syntax syntax)
    {
        Text = text;
        _syntax = syntax;
        var names = new HashSet<string>(StringComparer.Ordinal);
        Collect(syntax, names);
        Columns = names.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Every name in it that is not a function: columns, and in a watch also metrics.</summary>
    public IReadOnlySet<string> Columns { get; }

    internal Syntax Syntax => _syntax;

    /// <summary>Checks the syntax only; names and kinds are checked by <see cref="Bind"/>.</summary>
    /// <exception cref="ExpressionSyntaxException">It is not an expression; says at which column and what was expected.</exception>
    public static Expression Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return new Expression(s, Parser.Parse(s));
    }

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Expression result)
    {
        try
        {
            result = s is null ? null : Parse(s, provider);
        }
        catch (ExpressionSyntaxException)
        {
            result = null;
        }
        return result is not null;
    }

    /// <summary>Resolves names and kinds against the columns of a table.</summary>
    /// <exception cref="SpecException">Lists every name and kind that does not fit; line 1, column = position in the text.</exception>
    public BoundExpression Bind(TableSchema schema)
    {
        var binder = new RowBinder(Text, schema);
        var root = binder.Bind(_syntax);
        binder.ThrowIfBad();
        return new BoundExpression(root!);
    }

    /// <summary>Resolves the same syntax over metrics (<c>latency.p99 &lt; 50ms</c>) and aggregates of columns (<c>mean(prediction) between 50 and 400</c>).</summary>
    /// <exception cref="SpecException">Lists every name and kind that does not fit, or says that it is not a condition.</exception>
    public BoundWatch BindWatch(IWatchScope scope)
    {
        var binder = new WatchBinder(Text, scope);
        var root = binder.BindCondition(_syntax, negated: false);
        binder.ThrowIfBad();
        ImmutableArray<string> columns = [.. Columns.Where(c => !scope.HasMetric(c) && scope.ColumnType(c) is not null)];
        return new BoundWatch(Text, root!, binder.Clauses, columns);
    }

    public bool Equals(Expression? other) => other is not null && other.Text == Text;

    public override bool Equals(object? obj) => Equals(obj as Expression);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static void Collect(Syntax syntax, HashSet<string> names)
    {
        switch (syntax)
        {
            case NameSyntax name: names.Add(name.Name); break;
            case UnarySyntax unary: Collect(unary.Operand, names); break;
            case BinarySyntax binary:
                Collect(binary.Left, names);
                Collect(binary.Right, names);
                break;
            case BetweenSyntax between:
                Collect(between.Value, names);
                Collect(between.Low, names);
                Collect(between.High, names);
                break;
            case InSyntax membership:
                Collect(membership.Value, names);
                foreach (var item in membership.Items) Collect(item, names);
                break;
            case IsMissingSyntax test: Collect(test.Value, names); break;
            case CallSyntax call:
                foreach (var argument in call.Arguments) Collect(argument, names);
                break;
        }
    }
}
