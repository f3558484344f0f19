using Slipway.Core;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>Where something stands in a PMML file.</summary>
/// <param name="Element">The element's name.</param>
/// <param name="Line">1-based; 0 when unknown.</param>
/// <param name="Column">1-based; 0 when unknown.</param>
internal readonly record struct Place(string Element, int Line, int Column)
{
    public ModelException Fault(string problem) => new($"{this}: {problem}");

    /// <summary>The file is right, but this engine cannot run it.</summary>
    public ModelException Unsupported(string what) => Fault($"{what} is not supported");

    public override string ToString() => Line > 0 ? $"line {Line}, column {Column}: {Element}" : Element;
}
