using System.Text.RegularExpressions;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Onnx;

/// <summary>docs/onnx.md lists the operators that are there.</summary>
public sealed partial class OperatorPageTests
{
    /// <summary>When this fails: write the expected line below the heading of the domain.</summary>
    [Theory]
    [InlineData("", "ai.onnx")]
    [InlineData("ai.onnx.ml", "ai.onnx.ml")]
    [InlineData("com.microsoft", "com.microsoft")]
    public void Page_lists_the_operators_of_the_catalog(string domain, string heading)
    {
        var expected = string.Join(", ", OperatorCatalog.Default.Operators.Where(o => o.Domain == domain).Select(o => o.Name).Order(StringComparer.Ordinal));
        Assert.Equal(expected, Listed()[heading]);
    }

    [Fact]
    public void Page_has_a_heading_for_each_domain_of_the_catalog() =>
        Assert.Equal(OperatorCatalog.Default.Operators.Select(o => o.Domain.Length == 0 ? "ai.onnx" : o.Domain).Distinct().Order(StringComparer.Ordinal), Listed().Keys.Order(StringComparer.Ordinal));

    private static Dictionary<string, string> Listed() =>
        ListOfDomain().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "onnx.md"))).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

    [GeneratedRegex("^### Operators of `([a-z.]+)`\n\n([A-Za-z0-9_, ]+)$", RegexOptions.Multiline)]
    private static partial Regex ListOfDomain();
}
