using Slipway.Core;
using Slipway.Models;
using Slipway.Models.Packages;
using Slipway.Models.Parity;

namespace Slipway.Tests.Models.Packages;

public class ModelPackageTests
{
    [Fact]
    public void A_full_package_opens_loads_and_verifies()
    {
        using var folder = PackageFolder.Linear("""
            name: two-weights
            description: Twice the first, less the second.
            artifact: model.tiny
            runtime: tiny
            options: { threads: 0 }
            signature:
              inputs:
                - { name: x, type: FP32, shape: [-1, 2], columns: [a, b] }
              outputs:
                - { name: y, type: FP32, shape: [-1] }
            tolerance: { relative: 1e-7, absolute: 0 }
            lineage: { run: r-1, data: rows.csv, code: 3f2a, trainer: by hand, parent: none, note: a test }
            """)
            .Record("a", [1, 2, 3, 4], 0, 2)
            .Record("b", [0.5f, 0], 1);
        var package = folder.Open();
        Assert.Equal((folder.At("model.tiny"), "tiny"), (package.ArtifactPath, package.Runtime.Name));
        Assert.Equal(new Tolerance(1e-7, 0), package.Manifest.Tolerance);
        Assert.Equal(new Lineage("r-1", "rows.csv", "3f2a", "by hand", "none", "a test"), package.Manifest.Lineage);
        Assert.Equal(["model.tiny", "model.yaml", "recorded/a.json", "recorded/b.json"], package.Files.Select(f => f.Path));
        Assert.Equal(11, package.Files.First().Size);
        Assert.Equal(["a", "b"], package.Describe().Signature!.InputColumns);

        using var model = package.Load();
        Assert.Equal(["a", "b"], model.Signature.InputColumns);
        Assert.Equal(new ParityReport(true, 3, 0, 0, 0, null), package.Verify(model));
    }

    [Fact]
    public void Rows_given_as_columns_are_scored_in_process()
    {
        using var folder = PackageFolder.Linear("signature: { inputs: [ { name: x, columns: [a, b] } ] }");
        using var model = ModelPackage.Open(folder.Path, TinyRuntime.Catalog).Load();
        using var rows = new Batch(Tensor.OfText("station", "p", "q"), Tensor.Of("b", [1L, 2]), Tensor.Of("a", [0.5, 10]));
        using var answer = model.Score(rows);
        Assert.Equal([0f, 18], answer["y"].Values<float>().ToArray());
        using var matrix = new Batch(Tensor.Of("x", [1f, 1], 1, 2));
        using var again = model.Score(matrix);
        Assert.Equal([1f], again["y"].Values<float>().ToArray());
        Assert.Equal(2, matrix["x"].Count);
    }

    [Fact]
    public void A_bare_model_file_is_a_package_with_nothing_recorded()
    {
        using var folder = PackageFolder.Linear().Write("beside.txt", "not part of it");
        var package = ModelPackage.Open(folder.At("model.tiny"), TinyRuntime.Catalog);
        Assert.Equal([("model.tiny", 11L)], package.Files);
        using var model = package.Load();
        Assert.Equal(ParityReport.Nothing, package.Verify(model));
        Assert.Null(package.Reference());
        Assert.Equal(PackageManifest.Empty, package.Manifest);
    }

    [Fact]
    public void A_folder_without_manifest_is_a_package_when_one_file_is_a_model()
    {
        using var folder = PackageFolder.Linear().Write("README.md", "# about").Record("a", [1, 2], 0);
        Assert.Equal(1, folder.Verify().Rows);
        folder.Write("other.tiny", "linear 1");
        var both = Assert.Throws<ModelException>(folder.Open).Message;
        Assert.Contains("2 files are models (model.tiny, other.tiny); say which in model.yaml", both);
    }

    [Fact]
    public void What_is_no_package_is_refused_with_what_was_found()
    {
        using var folder = new PackageFolder().Write("README.md", "# about");
        Assert.Contains("no runtime recognises a file in this folder; understood are: tiny; the folder has: README.md", Assert.Throws<ModelException>(folder.Open).Message);
        Assert.Contains("no such file or folder", Assert.Throws<ModelException>(() => ModelPackage.Open(folder.At("absent"), TinyRuntime.Catalog)).Message);
        Assert.Contains("no runtime recognises this file; understood are: tiny", Assert.Throws<ModelException>(() => ModelPackage.Open(folder.At("README.md"), TinyRuntime.Catalog)).Message);
        using var empty = new PackageFolder();
        Assert.Contains("the folder has: nothing", Assert.Throws<ModelException>(empty.Open).Message);
    }

    [Theory]
    [InlineData("artifact: absent.tiny", "1:11: artifact: the package has no file 'absent.tiny'; it has: model.tiny, model.yaml")]
    [InlineData("artifact: /etc/passwd", "1:11: artifact: '/etc/passwd' is an absolute path")]
    [InlineData("artifact: ../model.tiny", "1:11: artifact: '../model.tiny' is not a plain path inside the package")]
    [InlineData("artifact: a/../model.tiny", "1:11: artifact: 'a/../model.tiny' is not a plain path")]
    [InlineData("artifact: 'a\\..\\model.tiny'", "1:11: artifact: the name")]
    [InlineData("artifact: ''", "artifact: the path is empty")]
    [InlineData("runtime: onnx", "1:10: runtime: no runtime is called 'onnx'; there are: tiny")]
    [InlineData("artefact: model.tiny", "did you mean artifact?")]
    [InlineData("options: { threads: -1 }", "options.threads: expected a number from 0 to 1024")]
    [InlineData("options: { threads: many }", "options.threads")]
    [InlineData("tolerance: { relative: -1 }", "tolerance.relative: expected a number from 0 up")]
    [InlineData("tolerance: { absolute: .nan }", "tolerance.absolute: expected a number from 0 up")]
    [InlineData("signature: { inputs: [ { name: x, type: float } ] }", "signature.inputs[0].type: 'float' is not an element type; expected one of BOOL, UINT8")]
    [InlineData("signature: { inputs: [ { type: FP32 } ] }", "signature.inputs[0].name: missing")]
    [InlineData("lineage: { data: [1] }", "lineage.data")]
    [InlineData("[]", "expected a mapping")]
    [InlineData("", "empty")]
    public void Mistakes_in_the_manifest_are_named_at_their_place(string manifest, string message)
    {
        using var folder = PackageFolder.Linear(manifest);
        var error = Assert.Throws<SpecException>(folder.Open);
        Assert.Contains(message, error.Message);
        Assert.StartsWith(folder.At("model.yaml") + ":", error.Message);
    }

    [Fact]
    public void All_mistakes_of_the_manifest_are_listed_at_once()
    {
        using var folder = PackageFolder.Linear("artifact: absent\nruntime: absent");
        Assert.Equal(["artifact", "runtime"], Assert.Throws<SpecException>(folder.Open).Problems.Select(p => p.Path));
    }

    [Fact]
    public void A_manifest_that_is_not_text_is_refused()
    {
        using var folder = PackageFolder.Linear().Write("model.yaml", [0x6E, 0xFF, 0xFE]);
        Assert.Contains("not UTF-8", Assert.Throws<ModelException>(folder.Open).Message);
        folder.Write("model.yaml", new byte[(1 << 20) + 1]);
        Assert.Contains("1048577 bytes; at most 1048576", Assert.Throws<ModelException>(folder.Open).Message);
    }

    [Fact]
    public void Damaged_manifests_end_in_a_clear_error_or_a_package()
    {
        const string manifest = """
            artifact: model.tiny
            runtime: tiny
            options: { threads: 1 }
            signature: { inputs: [ { name: x, type: FP32, shape: [-1, 2], columns: [a, b] } ] }
            tolerance: { relative: 1e-6, absolute: 1e-6 }
            lineage: { data: rows.csv }
            """;
        using var folder = PackageFolder.Linear(manifest);
        var random = new Random(5);
        var opened = 0;
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(manifest);
            for (var flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            folder.Write("model.yaml", bytes);
            try
            {
                folder.Open().Load().Dispose();
                opened++;
            }
            catch (SlipwayException e) when (e is ModelException or SpecException)
            {
                Assert.NotEmpty(e.Message);
            }
        }
        Assert.InRange(opened, 1, 1_999);
    }

    [Fact]
    public void The_artifact_may_be_in_a_folder_of_the_package()
    {
        using var folder = new PackageFolder().Write("weights/model.tiny", "linear 1").Write("model.yaml", "artifact: weights/model.tiny");
        Assert.Equal(folder.At("weights/model.tiny"), folder.Open().ArtifactPath);
    }

    [Fact]
    public void Runtime_catalog_lists_what_it_has()
    {
        Assert.Equal("tiny", TinyRuntime.Catalog.Find("tiny").Name);
        Assert.Equal("no runtime is called 'pmml'; there are: tiny", Assert.Throws<ModelException>(() => TinyRuntime.Catalog.Find("pmml")).Message);
        Assert.Throws<ArgumentException>(() => new RuntimeCatalog(new TinyRuntime(), new TinyRuntime()));
        Assert.Superset(new HashSet<string> { "xgboost-json (trees)", "xgboost-ubj (trees)", "onnx (onnxruntime)" }, Runtimes.Default.Formats.ToHashSet());
    }
}
