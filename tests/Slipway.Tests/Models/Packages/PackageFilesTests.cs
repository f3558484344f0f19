using Slipway.Core;
using Slipway.Models.Packages;

namespace Slipway.Tests.Models.Packages;

public class PackageFilesTests
{
    [Fact]
    public void Files_are_listed_in_ordinal_order_with_forward_slashes()
    {
        using var folder = new PackageFolder().Write("b/z.txt", "1").Write("b/a/y.txt", "12").Write("B.txt", "123").Write("a.txt", "").Write("b.txt", "1");
        Assert.Equal([("B.txt", 3L), ("a.txt", 0), ("b.txt", 1), ("b/a/y.txt", 2), ("b/z.txt", 1)], PackageFiles.List(folder.Path));
    }

    [Fact]
    public void A_link_inside_the_package_counts_as_the_file_it_leads_to()
    {
        using var folder = new PackageFolder().Write("real/model.tiny", "linear 1");
        File.CreateSymbolicLink(folder.At("model.tiny"), "real/model.tiny");
        Assert.Equal([("model.tiny", 8L), ("real/model.tiny", 8)], PackageFiles.List(folder.Path));
    }

    [Theory]
    [InlineData("/etc/hostname", "a link out of the package, to /etc/hostname")]
    [InlineData("../../../../../../etc/hostname", "a link out of the package")]
    [InlineData("folder", "is not a file in the package")]
    [InlineData("absent", "is not a file in the package")]
    [InlineData("link", "form a loop")]
    [InlineData("folder/../..", "a link out of the package")]
    public void A_link_that_leads_elsewhere_is_refused(string target, string message)
    {
        using var folder = new PackageFolder().Write("folder/a.txt", "a");
        File.CreateSymbolicLink(folder.At("link"), target);
        Assert.Contains(message, Assert.Throws<ModelException>(() => PackageFiles.List(folder.Path)).Message);
    }

    [Fact]
    public void A_link_through_another_link_out_of_the_package_is_refused()
    {
        using var outside = new PackageFolder().Write("secret.txt", "s");
        using var folder = new PackageFolder().Write("a.txt", "a");
        Directory.CreateSymbolicLink(folder.At("door"), outside.Path);
        Assert.Contains("a link out of the package", Assert.Throws<ModelException>(() => PackageFiles.List(folder.Path)).Message);
        Directory.Delete(folder.At("door"));
        Directory.CreateSymbolicLink(outside.At("back"), folder.Path);
        File.CreateSymbolicLink(folder.At("b.txt"), Path.Combine(outside.Path, "back", "a.txt"));
        Assert.Equal(["a.txt", "b.txt"], PackageFiles.List(folder.Path).Select(f => f.Path));
    }

    [Fact]
    public void A_package_reached_through_a_link_is_listed()
    {
        using var folder = PackageFolder.Linear("artifact: model.tiny");
        using var elsewhere = new PackageFolder();
        Directory.CreateSymbolicLink(elsewhere.At("link"), folder.Path);
        Assert.Equal("tiny", ModelPackage.Open(elsewhere.At("link"), TinyRuntime.Catalog).Runtime.Name);
    }

    [Fact]
    public void Names_that_cannot_travel_between_machines_are_refused()
    {
        foreach (var name in new[] { "a\nb", "a\\b", "c:d" })
        {
            using var folder = new PackageFolder().Write(name, "");
            Assert.Contains("not every machine allows", Assert.Throws<ModelException>(() => PackageFiles.List(folder.Path)).Message);
        }
    }

    [Fact]
    public void Too_many_and_too_deep_are_refused()
    {
        using var deep = new PackageFolder().Write(string.Concat(Enumerable.Repeat("d/", 34)) + "a", "");
        Assert.Contains("nested more than 32 deep", Assert.Throws<ModelException>(() => PackageFiles.List(deep.Path)).Message);
        using var many = new PackageFolder();
        for (var i = 0; i <= PackageFiles.MaxCount; i++) File.Create(many.At($"{i}")).Dispose();
        Assert.Contains("more than 10000", Assert.Throws<ModelException>(() => PackageFiles.List(many.Path)).Message);
    }

    [Fact]
    public void A_pipe_in_a_package_is_never_waited_for()
    {
        using var folder = PackageFolder.Linear();
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [folder.At("a-pipe")])) mkfifo.WaitForExit();
        if (!File.Exists(folder.At("a-pipe"))) Assert.Skip("this machine makes no pipes");
        Assert.Equal("model.tiny", Path.GetFileName(folder.Open().ArtifactPath));
    }
}
