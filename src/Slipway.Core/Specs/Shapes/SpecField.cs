using System.Collections.Immutable;
using System.Reflection;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>One parameter of a spec record's primary constructor.</summary>
internal sealed class SpecField
{
    public SpecField(ParameterInfo parameter)
    {
        Name = Wording.Kebab(parameter.Name!);
        Parameter = parameter;
        IsBody = parameter.IsDefined(typeof(BodyAttribute));
        Summary = parameter.GetCustomAttribute<SummaryAttribute>()?.Text;
        Examples = [.. parameter.GetCustomAttributes<ExampleAttribute>().Select(e => e.Yaml)];
        Shape = SpecShapes.Of(parameter);
        var isInline = parameter.IsDefined(typeof(InlineAttribute));
        Inline = !isInline ? null
            : Component(Shape) ?? throw new NotSupportedException($"{parameter.Member.DeclaringType!.Name}.{parameter.Name}: [Inline] takes an abstract record, not {parameter.ParameterType.Name}");
        IsRequired = !parameter.HasDefaultValue && !Shape.AcceptsNull;
        Default = parameter.HasDefaultValue ? DefaultOf(parameter) : null;
    }

    /// <summary>The key in YAML.</summary>
    public string Name { get; }

    public ParameterInfo Parameter { get; }

    public SpecShape Shape { get; }

    public bool IsRequired { get; }

    /// <summary>The value when the key is absent.</summary>
    public object? Default { get; }

    public bool IsBody { get; }

    /// <summary>The component shape of an [Inline] field, which has no key of its own; null for every other field.</summary>
    public ComponentShape? Inline { get; }

    public string? Summary { get; }

    public ImmutableArray<string> Examples { get; }

    private static ComponentShape? Component(SpecShape shape) => (shape is NullableShape nullable ? nullable.Inner : shape) as ComponentShape;

    /// <summary>Reflection gives null for <c>= default</c> of a struct and a bare number for an enum; an array by default is empty, never <c>default</c> itself.</summary>
    private static object? DefaultOf(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.DefaultValue is { } value)
        {
            var plain = Nullable.GetUnderlyingType(type) ?? type;
            return plain.IsEnum ? Enum.ToObject(plain, value) : value;
        }
        if (!type.IsValueType || Nullable.GetUnderlyingType(type) is not null) return null;
        var isArray = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);
        return isArray ? type.GetField(nameof(ImmutableArray<>.Empty))!.GetValue(null) : Activator.CreateInstance(type);
    }
}
