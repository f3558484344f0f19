using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>A list; every item has the same shape.</summary>
internal abstract class ListShape(SpecShape item) : SpecShape
{
    public SpecShape Item { get; } = item;

    public override string Expected(ComponentCatalog catalog) => "a list";

    protected override string NullHint => ", [] for none";
}

internal sealed class ListShape<T>(SpecShape item, bool isArray) : ListShape(item)
{
    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading)
    {
        if (node is not SequenceNode { Items: var nodes }) return WrongKind(node, path, reading);
        var items = new T[nodes.Count];
        var sound = true;
        for (var i = 0; i < items.Length; i++)
        {
            var value = Item.Read(nodes[i], path.Item(i), reading);
            if (ReferenceEquals(value, SpecReading.Failed)) sound = false;
            else items[i] = (T)value!;
        }
        if (!sound) return SpecReading.Failed;
        var list = ImmutableCollectionsMarshal.AsImmutableArray(items);
        return isArray ? list : (IReadOnlyList<T>)list;
    }
}
