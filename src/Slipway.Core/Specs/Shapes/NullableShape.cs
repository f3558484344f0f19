using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>Null, or a value of the inner shape.</summary>
internal sealed class NullableShape(SpecShape inner) : SpecShape
{
    public SpecShape Inner { get; } = inner;

    public override bool AcceptsNull => true;

    public override string Expected(ComponentCatalog catalog) => Inner.Expected(catalog);

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading) => node.IsNull ? null : Inner.Read(node, path, reading);
}
