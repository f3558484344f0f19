using System.Text.RegularExpressions;
using Slipway.Models.Graph;

namespace Slipway.Tests.Models.Onnx;

/// <summary>docs/onnx.md lists the operators that are there.</summary>
public sealed partial class OperatorPageTests
{
    [Fact]
    public void Page_lists_the_operators_of_the_catalog_by_domain()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "onnx.md"));
        var listed = ListOfDomain().Matches(page).SelectMany(m => m.Groups[2].Value.Split(", ").Select(name => $"{m.Groups[1].Value} {name}")).ToArray();
        var known = OperatorCatalog.Default.Operators.Select(o => $"{(o.Domain.Length == 0 ? "ai.onnx" : o.Domain)} {o.Name}").ToArray();
        Assert.Empty(known.Except(listed).Select(o => $"add to docs/onnx.md: {o}"));
        Assert.Empty(listed.Except(known).Select(o => $"take from docs/onnx.md: {o}"));
        Assert.Equal(listed.Length, listed.Distinct().Count());
    }

    [GeneratedRegex("^### Operators of `([a-z.]+)`\n\n([A-Za-z0-9_, ]+)$", RegexOptions.Multiline)]
    private static partial Regex ListOfDomain();
}
