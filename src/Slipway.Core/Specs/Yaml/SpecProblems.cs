namespace Slipway.Core.Specs.Yaml;

/// <summary>Collects the problems of one file; a hundred are enough for anyone, and reading need not go on after them.</summary>
internal sealed class SpecProblems(string? file)
{
    private readonly List<SpecProblem> _problems = [];

    public bool IsEmpty => _problems.Count == 0;

    public bool IsFull => _problems.Count >= YamlLimits.Problems;

    public void Add(SpecPath path, Place place, string message)
    {
        if (!IsFull) _problems.Add(new SpecProblem(path.ToString(), place.Line, place.Column, message));
    }

    public void Add(SpecProblem problem)
    {
        if (!IsFull) _problems.Add(problem);
    }

    /// <summary>Reading cannot go on: what was found so far, and this.</summary>
    public SpecException Fatal(SpecPath path, Place place, string message)
    {
        Add(path, place, message);
        return ToException();
    }

    /// <summary>Problems in the order of the file.</summary>
    public SpecException ToException()
    {
        IEnumerable<SpecProblem> inOrder = _problems.OrderBy(p => p.Line).ThenBy(p => p.Column);
        if (IsFull) inOrder = inOrder.Append(new SpecProblem("", 0, 0, "there may be more; these are the first hundred"));
        return new SpecException(file, [.. inOrder]);
    }
}
