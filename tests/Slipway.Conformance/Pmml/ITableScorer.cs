namespace Slipway.Conformance.Pmml;

/// <summary>
/// What a case asks of a model: a table of inputs gives a table of answers. One answer per input row for most models, one per
/// transaction for association rules, one per step of the horizon for time series.
/// </summary>
internal interface ITableScorer : IDisposable
{
    /// <summary>Names of the values of an answer.</summary>
    IReadOnlyList<string> Outputs { get; }

    /// <summary>The answers, in the order of the input.</summary>
    IEnumerable<Answer> Score(TextTable input);
}

/// <summary>What a model says to one record: a value per output (null = missing), or the reason for which it refused.</summary>
internal sealed record Answer(object?[]? Values, string? Error)
{
    public static Answer Of(object?[] values) => new(values, null);

    public static Answer Refused(string error) => new(null, error);
}

/// <summary>Opens a model file (gzip when its name ends in .gz).</summary>
internal delegate ITableScorer ModelOpener(string path);

/// <summary>One answer per row. Inputs that the table does not have are missing; columns that the model does not ask for are ignored.</summary>
internal sealed class RowTableScorer(IPmmlScorer scorer) : ITableScorer
{
    public IReadOnlyList<string> Outputs => scorer.Outputs;

    public IEnumerable<Answer> Score(TextTable input)
    {
        var sources = scorer.Inputs.Select(input.IndexOf).ToArray();
        var values = new string?[sources.Length];
        foreach (var row in input.Rows)
        {
            for (var i = 0; i < sources.Length; i++) values[i] = sources[i] < 0 ? null : row[sources[i]];
            yield return scorer.TryScore(values, out var error)
                ? Answer.Of([.. Enumerable.Range(0, scorer.Outputs.Count).Select(scorer.Output)])
                : Answer.Refused(error ?? "refused without a reason");
        }
    }

    public void Dispose() => scorer.Dispose();
}
