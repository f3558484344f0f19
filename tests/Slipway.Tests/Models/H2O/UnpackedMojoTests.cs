using Slipway.Core;
using Slipway.Models;
using Slipway.Models.Packages;

namespace Slipway.Tests.Models.H2O;

/// <summary>A MOJO unpacked to a folder answers as the archive does.</summary>
public sealed class UnpackedMojoTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-mojo-");

    public static TheoryData<string> Samples => SampleMojos.Names;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_folder_answers_as_its_archive(string sample)
    {
        var mojo = SampleMojos.Make(sample);
        var archive = Path.Combine(_folder.FullName, "model.zip");
        File.WriteAllBytes(archive, mojo.Build());
        var unpacked = Unpack(mojo);

        var packages = new[] { ModelPackage.Open(archive, Runtimes.Default), ModelPackage.Open(unpacked, Runtimes.Default) };
        using var packed = packages[0].Load();
        using var model = packages[1].Load();
        using var rows = SampleMojos.Rows(packed.Signature);
        using var expected = packed.Run(rows);
        using var outputs = model.Run(rows);

        Assert.Equal(packed.Signature, model.Signature);
        for (var output = 0; output < expected.Count; output++)
        {
            for (var i = 0; i < expected[output].Count; i++)
            {
                if (expected[output].Type == ElementType.Bytes) Assert.Equal(expected[output].GetBytes(i), outputs[output].GetBytes(i));
                else Assert.Equal(expected[output].NumberAt(i), outputs[output].NumberAt(i));
            }
        }
        Assert.Equal("h2o-mojo-folder", packages[1].Describe().Format);
        Assert.Equal(packages[0].Describe().Splits.Length, packages[1].Describe().Splits.Length);
    }

    [Fact]
    public void Names_that_lead_out_of_the_folder_are_not_followed()
    {
        var part = new MojoBuilder("glm", "Regression", "1.00").Features(1).Column("x").Column("y").Set("cats", "0").Set("nums", "1").Set("family", "gaussian").Set("link", "identity").Set("beta", 1, 2);
        var ensemble = new MojoBuilder("stackedensemble", "Regression", "1.01").Features(1).Column("x").Column("y").Set("base_models_num", "1").Set("base_model0", "m").Set("metalearner", "m")
            .Set("submodel_count", "1").Set("submodel_key_0", "m").Set("submodel_dir_0", "../outside/");
        Unpack(part, "outside");

        var fault = Assert.Throws<ModelException>(() => ModelPackage.Open(Unpack(ensemble), Runtimes.Default).Load());

        Assert.Contains("no entry '../outside/model.ini'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_tree_is_refused()
    {
        var unpacked = Unpack(SampleMojos.Make("gbm"));
        foreach (var tree in Directory.GetFiles(Path.Combine(unpacked, "trees"))) File.Delete(tree);

        Assert.Contains("there is no tree 0", Assert.Throws<ModelException>(() => ModelPackage.Open(unpacked, Runtimes.Default).Load()).Message, StringComparison.Ordinal);
    }

    private string Unpack(MojoBuilder mojo, string name = "unpacked")
    {
        var root = Path.Combine(_folder.FullName, name);
        foreach (var (entry, content) in mojo.Entries())
        {
            var path = Path.Combine(root, entry);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
        return root;
    }
}
