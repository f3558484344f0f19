using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Slipway.Core.Specs.Shapes;

/// <summary>From a C# type, with its nullable annotations, to its shape.</summary>
internal static class SpecShapes
{
    private static readonly ConcurrentDictionary<Type, SpecShape> Roots = new();

    private static readonly Type[] Lists = [typeof(ImmutableArray<>), typeof(IReadOnlyList<>)];

    private static readonly Type[] Maps = [typeof(IReadOnlyDictionary<,>), typeof(OrderedDictionary<,>), typeof(ImmutableDictionary<,>)];

    public static SpecShape Of(Type root) => Roots.GetOrAdd(root, static type => Plain(type, null, false));

    /// <exception cref="NotSupportedException">No YAML is defined for the parameter's type: a mistake in the record.</exception>
    public static SpecShape Of(ParameterInfo parameter)
    {
        try
        {
            return Annotated(new NullabilityInfoContext().Create(parameter), parameter.IsDefined(typeof(SecretAttribute)));
        }
        catch (NotSupportedException e)
        {
            throw new NotSupportedException($"{parameter.Member.DeclaringType!.Name}.{parameter.Name}: {e.Message}", e);
        }
    }

    private static SpecShape Annotated(NullabilityInfo info, bool isSecret)
    {
        var underlying = Nullable.GetUnderlyingType(info.Type);
        var shape = Plain(underlying ?? info.Type, info, isSecret);
        var isNullable = underlying is not null || (!info.Type.IsValueType && info.WriteState == NullabilityState.Nullable);
        return isNullable ? new NullableShape(shape) : shape;
    }

    private static SpecShape Plain(Type type, NullabilityInfo? info, bool isSecret)
    {
        if (type == typeof(string)) return isSecret ? new SecretShape() : new TextShape();
        if (type == typeof(bool)) return new BooleanShape();
        if (type == typeof(int) || type == typeof(long)) return new WholeNumberShape(type == typeof(long));
        if (type == typeof(double)) return new NumberShape();
        if (type == typeof(object)) return new AnyScalarShape();
        if (type == typeof(JsonNode) || type == typeof(JsonObject)) return new FreeFormShape(type == typeof(JsonObject));
        if (type.IsEnum) return new EnumShape(type);
        if (type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>) && i.GenericTypeArguments[0] == type))
        {
            return Make(typeof(ParsableShape<>), type);
        }
        if (type.IsGenericType) return Collection(type, info, isSecret);
        if (type.IsAbstract) return new ComponentShape(type);
        if (type.IsClass && !type.IsArray && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true) return RecordShape.Of(type);
        throw new NotSupportedException($"{type.Name} is no type of a spec");
    }

    private static SpecShape Collection(Type type, NullabilityInfo? info, bool isSecret)
    {
        var definition = type.GetGenericTypeDefinition();
        var isPairs = type.GenericTypeArguments[0] is { IsGenericType: true } item && item.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);
        if (isPairs && definition == typeof(ImmutableArray<>)) return Map(type.GenericTypeArguments[0], type, info?.GenericTypeArguments[0], isSecret);
        if (Maps.Contains(definition)) return Map(type, type, info, isSecret);
        if (!Lists.Contains(definition)) throw new NotSupportedException($"{type.Name} is no list or map of a spec");
        return Make(typeof(ListShape<>), type.GenericTypeArguments[0], Argument(type, info, 0, isSecret), definition == typeof(ImmutableArray<>));
    }

    private static SpecShape Map(Type pair, Type target, NullabilityInfo? info, bool isSecret)
    {
        if (pair.GenericTypeArguments[0] != typeof(string)) throw new NotSupportedException($"keys of type {pair.GenericTypeArguments[0].Name}: only text can be a key");
        return Make(typeof(MapShape<>), pair.GenericTypeArguments[1], Argument(pair, info, 1, isSecret), target);
    }

    private static SpecShape Argument(Type type, NullabilityInfo? info, int index, bool isSecret) =>
        info is null ? Plain(type.GenericTypeArguments[index], null, isSecret) : Annotated(info.GenericTypeArguments[index], isSecret);

    private static SpecShape Make(Type shape, Type argument, params object[] arguments) =>
        (SpecShape)Activator.CreateInstance(shape.MakeGenericType(argument), arguments)!;
}
