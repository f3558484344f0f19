namespace Slipway.Core;

/// <summary>One mistake in a file a person wrote.</summary>
/// <param name="Path">Where in the structure: <c>monitor.drift.window</c>, <c>prepare[0].one-hot</c>.</param>
/// <param name="Line">1-based; 0 when unknown.</param>
/// <param name="Column">1-based; 0 when unknown.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record SpecProblem(string Path, int Line, int Column, string Message)
{
    public override string ToString() => Line > 0 ? $"{Line}:{Column}: {At}{Message}" : At + Message;

    private string At => Path.Length == 0 ? "" : Path + ": ";
}

/// <summary>A file a person wrote (a use case, a model.yaml, an expression) has mistakes; all of them are listed.</summary>
public sealed class SpecException : SlipwayException
{
    public SpecException(string? file, params IReadOnlyList<SpecProblem> problems)
        : base(string.Join(Environment.NewLine, problems.Select(p => file is null ? p.ToString() : $"{file}:{p}")))
    {
        File = file;
        Problems = problems;
    }

    public string? File { get; }

    public IReadOnlyList<SpecProblem> Problems { get; }
}
