using Slipway.Core;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>Where something stands in a PMML file.</summary>
/// <param name="Element">The element's name.</param>
/// <param name="Line">1-based; 0 when unknown.</param>
/// <param name="Column">1-based; 0 when unknown.</param>
/// <param name="Path">In files of JSON, instead of line and column.</param>
internal readonly record struct Place(string Element, int Line, int Column, JsonPath? Path = null)
{
    private const int MaxProblem = 1000;

    public ModelException Fault(string problem) => new($"{this}: {Shorten(problem)}");

    /// <summary>The file is right, but this engine cannot run it.</summary>
    public ModelException Unsupported(string what) => new($"{this}: {what} is not supported") { IsUnsupported = true };

    public override string ToString() => Line > 0 ? $"line {Line}, column {Column}: {Element}" : Path is not null ? $"{Path}: {Element}" : Element;

    /// <summary>A file may have a name or value of any length: the two ends of the message say what is wrong with it.</summary>
    private static string Shorten(string problem) =>
        problem.Length <= MaxProblem ? problem : string.Concat(problem.AsSpan(0, MaxProblem / 2), " … ", problem.AsSpan(problem.Length - (MaxProblem / 2)));
}
