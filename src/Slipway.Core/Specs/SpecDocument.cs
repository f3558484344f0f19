using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs;

/// <summary>What a file says, and where it says it, so that mistakes found later (an unknown column, a wrong type) are reported at their place too.</summary>
public sealed record SpecDocument<T>
{
    private readonly SpecNode _root;

    internal SpecDocument(T value, SpecNode root, string? file)
    {
        Value = value;
        _root = root;
        File = file;
    }

    public T Value { get; }

    public string? File { get; }

    /// <summary>A problem at <paramref name="path"/>, with the line and column of the nearest part of the path that the file has.</summary>
    /// <param name="path">As in <see cref="SpecProblem.Path"/>: <c>prepare[0].one-hot.column</c>.</param>
    public SpecProblem Problem(string path, string message)
    {
        var place = NearestNode.Of(_root, path).Place;
        return new SpecProblem(path, place.Line, place.Column, message);
    }

    /// <summary>
    /// Problems whose paths start at <paramref name="path"/> (a component reports them relative to its own body), as problems of this file.
    /// A column within a text, as an expression reports it, becomes the column in the file.
    /// </summary>
    public IEnumerable<SpecProblem> Problems(string path, SpecException inner)
    {
        foreach (var problem in inner.Problems)
        {
            var whole = SpecPath.Join(path, problem.Path);
            var node = NearestNode.Of(_root, whole);
            var place = (node as ScalarNode)?.Inside(problem.Line, problem.Column) ?? node.Place;
            yield return new SpecProblem(whole, place.Line, place.Column, problem.Message);
        }
    }
}
