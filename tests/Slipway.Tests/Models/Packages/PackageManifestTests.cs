using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Models.Packages;

namespace Slipway.Tests.Models.Packages;

public class PackageManifestTests
{
    [Fact]
    public void Schema_for_editors_knows_every_field_and_explains_it()
    {
        var schema = SpecSchema.Export(typeof(PackageManifest), new ComponentCatalog(), "model.yaml").ToJsonString();
        foreach (var field in new[] { "artifact", "runtime", "options", "threads", "signature", "inputs", "columns", "allowed", "tolerance", "relative", "lineage", "trainer" })
        {
            Assert.Contains($"\"{field}\":", schema);
        }
        Assert.Contains("The library that trained it", schema);
        Assert.DoesNotContain("description\":null", schema);
    }

    [Fact]
    public void Reference_docs_are_written_from_the_records() =>
        Assert.Contains("The model file, by its path in the package.", SpecReference.Markdown(typeof(PackageManifest), new ComponentCatalog()));

    [Fact]
    public void Element_types_match_their_pattern_and_nothing_else_does()
    {
        foreach (var type in Enum.GetValues<ElementType>())
        {
            Assert.Matches(ElementTypeName.Pattern, type.ProtocolName);
            Assert.Equal(type, ElementTypeName.Parse(type.ProtocolName, null).Value);
            Assert.Equal(type.ProtocolName, new ElementTypeName(type).ToString());
        }
        foreach (var text in new[] { "", "fp32", "FP8", "INT128", "BF32", " FP32" })
        {
            Assert.DoesNotMatch(ElementTypeName.Pattern, text);
            Assert.False(ElementTypeName.TryParse(text, null, out _));
        }
    }
}
