using System.Globalization;
using System.Reflection;
using Slipway.Core.Expressions;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>A type that parses itself from one scalar; what it says against the text becomes the problem.</summary>
internal abstract class ParsableShape(Type type) : SpecShape
{
    public Type Type { get; } = type;

    /// <summary>The type's own <c>const string Pattern</c>, a regular expression for schemas.</summary>
    public string? Pattern => Type.GetField("Pattern", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string;

    public override string Expected(ComponentCatalog catalog) => Wording.Noun(Type);

    protected abstract object Parse(string text);

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading)
    {
        if (node is not ScalarNode scalar) return WrongKind(node, path, reading);
        try
        {
            return Parse(scalar.Text);
        }
        catch (SpecException e)
        {
            foreach (var problem in e.Problems) reading.Problems.Add(path, scalar.Inside(problem.Line, problem.Column) ?? node.Place, problem.Message);
            return SpecReading.Failed;
        }
        catch (ExpressionSyntaxException e) when (scalar.Inside(1, e.Column) is { } place)
        {
            return reading.Fail(path, place, Wording.Shorten(e.Explanation, 300));
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException or SlipwayException)
        {
            return reading.Fail(path, node.Place, Wording.Shorten(e.Message, 300));
        }
    }
}

internal sealed class ParsableShape<T>() : ParsableShape(typeof(T))
    where T : IParsable<T>
{
    protected override object Parse(string text) => T.Parse(text, CultureInfo.InvariantCulture);
}
