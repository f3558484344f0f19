namespace Slipway.Core.Specs;

/// <summary>What a spec record or one of its fields means: shown in the JSON Schema, in editors and in the reference docs.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Parameter | AttributeTargets.Enum | AttributeTargets.Field)]
public sealed class SummaryAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}

/// <summary>A YAML example of the component or field, for the docs and the schema.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Parameter, AllowMultiple = true)]
public sealed class ExampleAttribute(string yaml) : Attribute
{
    public string Yaml { get; } = yaml;
}

/// <summary>The key that names a component in YAML: <c>[Component("csv")] record CsvSource(…) : SourceSpec</c> reads <c>csv: { … }</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ComponentAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}

/// <summary>
/// The field takes the component that the one key left over in the same mapping names:
/// <c>record ActionSpec(Expression? When, [Inline] SinkSpec Sink)</c> reads <c>{ when: …, http: { … } }</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class InlineAttribute : Attribute;

/// <summary>
/// The record's only parameter is the whole YAML body: <c>[Component("select")] record Select([Body] ImmutableArray&lt;string&gt; Columns)</c> reads <c>select: [a, b]</c>.
/// With other parameters present, a scalar or list body is shorthand for this one parameter.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BodyAttribute : Attribute;

/// <summary>The field holds a secret: it is written as <c>${env:NAME}</c> or <c>${file:PATH}</c>, never as the value itself; never logged or stored resolved.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class SecretAttribute : Attribute;
