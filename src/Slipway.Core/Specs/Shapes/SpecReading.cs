using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>What one reading of one file carries along.</summary>
internal sealed record SpecReading(ComponentCatalog Catalog, SpecProblems Problems)
{
    /// <summary>Stands for a value that could not be read and whose problem was reported.</summary>
    public static object Failed { get; } = new();

    public object Fail(SpecPath path, Place place, string message)
    {
        Problems.Add(path, place, message);
        return Failed;
    }
}
