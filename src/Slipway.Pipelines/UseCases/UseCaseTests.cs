using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Pipelines.Steps;

namespace Slipway.Pipelines.UseCases;

/// <summary>One test of a use case file.</summary>
/// <param name="Differences">One line for each value that is not as expected, and for each row that could not be answered; empty when the test passed.</param>
public sealed record UseCaseTestResult(string Name, ImmutableArray<string> Differences)
{
    public bool Passed => Differences.IsEmpty;
}

/// <summary>Runs the tests written in a use case file: through preparation and model, not through actions.</summary>
public static class UseCaseTests
{
    public static async ValueTask<IReadOnlyList<UseCaseTestResult>> RunAsync(BoundUseCase useCase, IScorer scorer, CancellationToken cancellation)
    {
        var answering = new Answering(useCase, scorer);
        var results = new List<UseCaseTestResult>();
        for (var i = 0; i < useCase.Spec.Tests.Length; i++)
        {
            var test = useCase.Spec.Tests[i];
            using var rows = GivenRows.Of(useCase.Source, test.Given);
            using var answer = await answering.AnswerAsync(rows, cancellation);
            results.Add(new UseCaseTestResult(test.Name ?? $"tests[{i}]", Differences(test, answer)));
        }
        return results;
    }

    /// <summary>
    /// The columns that the given rows need, for a file whose source cannot be reached now: numbers, text or booleans as written; a column of nulls is a number.
    /// Null when the file has no tests.
    /// </summary>
    /// <exception cref="SlipwayException">A column is given values of different kinds.</exception>
    public static TableSchema? SchemaOfGiven(UseCaseSpec spec)
    {
        if (spec.Tests.IsEmpty) return null;
        var types = new OrderedDictionary<string, ElementType?>();
        foreach (var (name, value) in spec.Tests.SelectMany(t => t.Given).SelectMany(row => row))
        {
            ElementType? type = value switch { null => null, string => ElementType.Bytes, bool => ElementType.Bool, _ => ElementType.Float64 };
            var before = types.GetValueOrDefault(name);
            if (type is not null && before is not null && type != before) throw new SlipwayException($"the tests give column '{name}' both {before.Value.ProtocolName} and {type.Value.ProtocolName} values");
            types[name] = type ?? before;
        }
        return new TableSchema([.. types.Select(t => new ColumnSpec(t.Key, t.Value ?? ElementType.Float64))]);
    }

    private static ImmutableArray<string> Differences(TestSpec test, Answer answer)
    {
        var differences = ImmutableArray.CreateBuilder<string>();
        foreach (var fault in answer.Faults.OrderBy(f => f.Row)) differences.Add($"row {fault.Row}: {fault.Stage}: {fault.Reason}");
        for (var row = 0; row < answer.Origins.Length; row++)
        {
            foreach (var (name, expected) in test.Expect[answer.Origins[row]])
            {
                if (Difference(answer.Acted[name], row, expected) is { } difference) differences.Add($"row {answer.Origins[row]}: {name}: {difference}");
            }
        }
        return differences.ToImmutable();
    }

    private static string? Difference(Tensor column, int row, Expectation expected)
    {
        var found = Show(column, row);
        if (expected is { Near: { } near, Within: { } within })
        {
            var distance = Math.Abs(column.NumberAt(row) - near);
            return distance <= within ? null : $"expected {Show(near)} ± {Show(within)}, found {found}{(double.IsNaN(distance) ? "" : $" ({Show(distance)} away)")}";
        }
        if (expected.Min is not null || expected.Max is not null)
        {
            var number = column.NumberAt(row);
            if (number >= (expected.Min ?? double.NegativeInfinity) && number <= (expected.Max ?? double.PositiveInfinity)) return null;
            var bounds = (expected.Min, expected.Max) switch
            {
                ({ } min, { } max) => $"from {Show(min)} to {Show(max)}",
                ({ } min, null) => $"at least {Show(min)}",
                (_, var max) => $"at most {Show(max!.Value)}",
            };
            return $"expected {bounds}, found {found}";
        }
        if (expected.Value is not { } value) return column.IsMissing(row) ? null : $"expected no value, found {found}";
        return !column.IsMissing(row) && Equal(column, row, value) ? null : $"expected {Literal.Show(value)}, found {found}";
    }

    /// <summary>In the column's own type: 0.1 equals the single-precision number nearest to it.</summary>
    private static bool Equal(Tensor column, int row, object value)
    {
        if (!Literal.TryRead(value, column.Type, out var literal, out _)) return false;
        return column.Type switch
        {
            ElementType.Bytes => column.GetBytes(row).SequenceEqual(literal.Text),
            ElementType.Float32 => column.Values<float>()[row] == (float)literal.Number,
            ElementType.Float16 => column.Values<Half>()[row] == (Half)literal.Number,
            ElementType.Int64 => column.Values<long>()[row] == (long)literal.Integer,
            ElementType.UInt64 => column.Values<ulong>()[row] == (ulong)literal.Integer,
            _ => column.NumberAt(row) == literal.Number,
        };
    }

    private static string Show(Tensor column, int row) =>
        column.IsMissing(row) ? "no value"
        : column.Type == ElementType.Bytes ? StepBinder.Quote(column.GetBytes(row))
        : column.Type == ElementType.Bool ? (column.Values<bool>()[row] ? "true" : "false")
        : column.Type == ElementType.Float32 ? column.Values<float>()[row].ToString(CultureInfo.InvariantCulture)
        : Show(column.NumberAt(row));

    private static string Show(double number) => number.ToString(CultureInfo.InvariantCulture);
}
