namespace Slipway.Core.Specs.Yaml;

/// <summary>Collects every problem of one file; beyond a hundred they are only counted.</summary>
internal sealed class SpecProblems(string? file)
{
    private readonly List<SpecProblem> _problems = [];
    private int _more;

    public bool IsEmpty => _problems.Count == 0;

    public void Add(SpecPath path, Place place, string message)
    {
        if (_problems.Count < YamlLimits.Problems) Add(new SpecProblem(path.ToString(), place.Line, place.Column, message));
        else _more++;
    }

    public void Add(SpecProblem problem)
    {
        if (_problems.Count < YamlLimits.Problems) _problems.Add(problem);
        else _more++;
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
        if (_more > 0) inOrder = inOrder.Append(new SpecProblem("", 0, 0, $"and {_more} more"));
        return new SpecException(file, [.. inOrder]);
    }
}
