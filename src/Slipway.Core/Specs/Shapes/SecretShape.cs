using System.Text.RegularExpressions;
using Slipway.Core.Specs.Yaml;

namespace Slipway.Core.Specs.Shapes;

/// <summary>Text with a placeholder for each secret; what was written instead is never repeated in a message.</summary>
internal sealed partial class SecretShape : SpecShape
{
    public const string Pattern = @"\$\{(env|file):[^{}]+\}";

    public override string Expected(ComponentCatalog catalog) => "a secret: ${env:NAME} or ${file:PATH}, never the value itself";

    protected override object? ReadValue(SpecNode node, SpecPath path, SpecReading reading) =>
        node is ScalarNode scalar && Placeholder().IsMatch(scalar.Text) ? scalar.Text : reading.Fail(path, node.Place, $"expected {Expected(reading.Catalog)}");

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
