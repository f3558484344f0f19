using Slipway.Core.Specs.Shapes;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs;

/// <summary>
/// Reads YAML strictly into positional records: a key is the kebab-case name of a constructor parameter, nothing unknown is passed over,
/// and every mistake is reported with its path, line and column, all of them at once. Thread-safe.
/// </summary>
/// <remarks>
/// A parameter is optional when it has a default value or is nullable; an <c>ImmutableArray</c> by default is empty. Types: text, numbers, <c>bool</c>,
/// enums (kebab-case), any <see cref="IParsable{TSelf}"/>, records, lists, maps, <c>object</c> (any scalar), <c>JsonNode</c> (anything),
/// and abstract records, which stand for a component of the catalog.
/// </remarks>
public sealed class SpecReader(ComponentCatalog catalog)
{
    /// <param name="file">Named in errors.</param>
    /// <exception cref="SpecException">Lists everything that is wrong with the file; no other exception comes from what it holds.</exception>
    public SpecDocument<T> Read<T>(string yaml, string? file = null)
        where T : notnull
    {
        var problems = new SpecProblems(file);
        var shape = SpecShapes.Of(typeof(T));
        var root = YamlComposer.Compose(yaml, problems) ?? throw problems.Fatal(SpecPath.Root, new Place(1, 1), "the file is empty");
        var value = shape.Read(root, SpecPath.Root, new SpecReading(catalog, problems));
        return problems.IsEmpty ? new SpecDocument<T>((T)value!, root, file) : throw problems.ToException();
    }
}
