using System.Reflection;

namespace Slipway.Core.Specs;

/// <summary>The components a YAML file may name: for each base spec, key → spec record. Fill it at start-up; readers share it afterwards.</summary>
public sealed class ComponentCatalog
{
    private readonly Dictionary<Type, OrderedDictionary<string, Type>> _components = [];

    /// <exception cref="ArgumentException">The record has no <see cref="ComponentAttribute"/>, is abstract, or its key is taken.</exception>
    public ComponentCatalog Add<TBase, TComponent>()
        where TComponent : TBase
    {
        var (baseType, type) = (typeof(TBase), typeof(TComponent));
        if (type.IsAbstract) throw new ArgumentException($"{type.Name} is abstract: a component is a record that can be made");
        if (!_components.TryGetValue(baseType, out var components)) _components.Add(baseType, components = new(StringComparer.Ordinal));
        if (!components.TryAdd(KeyOf(type), type)) throw new ArgumentException($"'{KeyOf(type)}' already names {components[KeyOf(type)].Name}; {type.Name} needs another key");
        return this;
    }

    /// <summary>Key → record, in order of registration; empty for a base nobody registered under.</summary>
    public IReadOnlyDictionary<string, Type> For(Type baseType) => Of(baseType);

    /// <summary>The key that names a spec record in YAML: <c>csv</c>.</summary>
    /// <exception cref="ArgumentException">The record has no <see cref="ComponentAttribute"/>.</exception>
    public static string KeyOf(Type component) =>
        component.GetCustomAttribute<ComponentAttribute>(inherit: false)?.Key ?? throw new ArgumentException($"{component.Name} has no [Component(\"key\")]");

    internal OrderedDictionary<string, Type> Of(Type baseType) => _components.TryGetValue(baseType, out var components) ? components : None;

    private static readonly OrderedDictionary<string, Type> None = [];
}
