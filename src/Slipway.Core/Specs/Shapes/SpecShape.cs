using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>What a spec type accepts in YAML, how it is read, and how schema and reference describe it. Immutable, shared by all readings.</summary>
internal abstract class SpecShape
{
    /// <summary>Completes "expected …" in a message: <c>a whole number</c>.</summary>
    public abstract string Expected(ComponentCatalog catalog);

    /// <summary>YAML's null is a value of this shape.</summary>
    public virtual bool AcceptsNull => false;

    /// <returns>The value, or <see cref="SpecReading.Failed"/> after its problems were reported.</returns>
    public object? Read(SpecNode node, SpecPath path, SpecReading reading)
    {
        if (node is RefusedNode || reading.Problems.IsFull) return SpecReading.Failed;
        if (node.IsNull && !AcceptsNull) return reading.Fail(path, node.Place, $"is empty; expected {Expected(reading.Catalog)}{NullHint}");
        return ReadValue(node, path, reading);
    }

    protected virtual string NullHint => "";

    protected abstract object? ReadValue(SpecNode node, SpecPath path, SpecReading reading);

    protected object WrongKind(SpecNode node, SpecPath path, SpecReading reading) =>
        reading.Fail(path, node.Place, $"expected {Expected(reading.Catalog)}, found {node.Found}");
}
