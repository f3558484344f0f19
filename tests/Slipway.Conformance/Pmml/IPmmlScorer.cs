namespace Slipway.Conformance.Pmml;

/// <summary>A loaded model that scores one row of texts at a time. For one thread.</summary>
internal interface IPmmlScorer : IDisposable
{
    /// <summary>Active fields, by name.</summary>
    IReadOnlyList<string> Inputs { get; }

    /// <summary>The target field (<c>_target</c> where the file names none), then the output fields.</summary>
    IReadOnlyList<string> Outputs { get; }

    /// <summary>Scores a record.</summary>
    /// <param name="values">One text per input; null is missing.</param>
    /// <returns>False when the record is refused, and why.</returns>
    bool TryScore(ReadOnlySpan<string?> values, out string? error);

    /// <summary>Output <paramref name="i"/> of the record scored last: null (missing), <see cref="string"/>, <see cref="long"/>, <see cref="double"/>, <see cref="float"/> or <see cref="bool"/>.</summary>
    object? Output(int i);
}
