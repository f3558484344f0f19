using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>Text, taken as it is written: a plain <c>007</c> or <c>1.10</c> keeps its form.</summary>
internal sealed class TextShape : SpecShape
{
    public override string Expected(ComponentCatalog catalog) => "text";

    protected override string NullHint => "; write \"\" for empty text, \"null\" for the word";

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading) =>
        node is ScalarNode scalar ? scalar.Text : WrongKind(node, path, reading);
}

/// <summary><c>true</c> or <c>false</c>, without quotes.</summary>
internal sealed class BooleanShape : SpecShape
{
    public override string Expected(ComponentCatalog catalog) => "true or false";

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading) =>
        node is ScalarNode { Value: bool value } ? value : WrongKind(node, path, reading);
}

/// <summary>A whole number of 32 or 64 bits.</summary>
internal sealed class WholeNumberShape(bool isLong) : SpecShape
{
    public override string Expected(ComponentCatalog catalog) => "a whole number";

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading)
    {
        if (node is not ScalarNode { Value: long value }) return WrongKind(node, path, reading);
        if (isLong) return value;
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : reading.Fail(path, node.Place, $"{value} is out of range: expected {int.MinValue} to {int.MaxValue}");
    }
}

/// <summary>A double; <c>.inf</c> and <c>.nan</c> as YAML writes them.</summary>
internal sealed class NumberShape : SpecShape
{
    public override string Expected(ComponentCatalog catalog) => "a number";

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading) => node switch
    {
        ScalarNode { Value: long value } => (double)value,
        ScalarNode { IsTooLarge: true } => reading.Fail(path, node.Place, $"{node.Found} is beyond the range of a number"),
        ScalarNode { Value: double value } => value,
        _ => WrongKind(node, path, reading),
    };
}

/// <summary>Any scalar, as the YAML 1.2 core schema types it: null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/> or <see cref="string"/>.</summary>
internal sealed class AnyScalarShape : SpecShape
{
    public override string Expected(ComponentCatalog catalog) => "a single value";

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading) => node switch
    {
        ScalarNode { IsTooLarge: true } => reading.Fail(path, node.Place, $"{node.Found} is beyond the range of a number"),
        ScalarNode scalar => scalar.Value,
        _ => WrongKind(node, path, reading),
    };
}
