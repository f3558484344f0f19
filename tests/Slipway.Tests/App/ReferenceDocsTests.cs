using Slipway.Core.Specs;
using Slipway.Models.Packages;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.App;

public sealed class ReferenceDocsTests
{
    /// <summary>When this fails: <c>./slipway schema KIND --markdown > docs/reference/KIND.md</c>.</summary>
    [Theory]
    [InlineData("use-case", typeof(UseCaseSpec))]
    [InlineData("model", typeof(PackageManifest))]
    public void Reference_pages_say_what_the_records_say(string page, Type record)
    {
        var written = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", page + ".md"));
        Assert.Equal(SpecReference.Markdown(record, UseCaseComponents.Catalog).TrimEnd(), written.TrimEnd());
    }

    [Fact]
    public void Schema_of_use_case_files_exports_with_every_component()
    {
        var schema = SpecSchema.Export(typeof(UseCaseSpec), UseCaseComponents.Catalog, "Slipway use case").ToJsonString();
        Assert.All(["csv", "table", "request", "on-arrival", "cron", "one-hot", "expression", "http", "log"], key => Assert.Contains($"\"{key}\"", schema));
    }
}
