using Slipway.Core.Specs;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.App;

public sealed class ReferenceDocsTests
{
    [Fact]
    public void Reference_of_use_case_files_says_what_the_records_say()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reference", "use-case.md"));
        Assert.Equal(SpecReference.Markdown(typeof(UseCaseSpec), UseCaseComponents.Catalog).TrimEnd(), page.TrimEnd());
    }

    [Fact]
    public void Schema_of_use_case_files_exports_with_every_component()
    {
        var schema = SpecSchema.Export(typeof(UseCaseSpec), UseCaseComponents.Catalog, "Slipway use case").ToJsonString();
        Assert.All(["csv", "table", "request", "on-arrival", "cron", "one-hot", "expression", "http", "log"], key => Assert.Contains($"\"{key}\"", schema));
    }
}
