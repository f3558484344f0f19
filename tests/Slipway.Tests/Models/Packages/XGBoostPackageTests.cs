using System.Text.RegularExpressions;
using Slipway.Core;
using Slipway.Models;
using Slipway.Models.Packages;
using Slipway.Models.Parity;

namespace Slipway.Tests.Models.Packages;

/// <summary>The package that make_package.py wrote: model, recorded answers and reference by XGBoost itself.</summary>
public class XGBoostPackageTests
{
    private static readonly string Fixture = Path.Combine(AppContext.BaseDirectory, "Models", "Packages", "fixtures", "xgboost");

    private static PackageFolder Copy()
    {
        var folder = new PackageFolder();
        foreach (var (path, _) in PackageFiles.List(Fixture)) folder.Write(path, File.ReadAllBytes(Path.Combine(Fixture, path)));
        return folder;
    }

    private static ParityReport Verify(string path, Tolerance? tolerance = null)
    {
        var package = ModelPackage.Open(path, Runtimes.Default);
        using var model = package.Load();
        return package.Verify(model, tolerance);
    }

    [Fact]
    public void Answers_are_those_of_the_library_that_trained_the_model()
    {
        var report = Verify(Fixture);
        Assert.True(report.Passed, report.Reason);
        Assert.Equal(60, report.Rows);
        Assert.True(report.MaxUlp <= 2, $"{report.MaxUlp} ULP");
    }

    [Fact]
    public void Reference_holds_the_model_s_columns()
    {
        var package = ModelPackage.Open(Fixture, Runtimes.Default);
        using var reference = package.Reference();
        Assert.Equal(100, reference!.Rows);
        Assert.Equal(package.Describe().Signature!.InputColumns, reference.Select(c => c.Name));
    }

    [Fact]
    public void One_doctored_answer_fails_with_its_row()
    {
        using var folder = Copy();
        var recorded = File.ReadAllText(folder.At("recorded/matrix.json"));
        var outputs = recorded.IndexOf("\"outputs\"", StringComparison.Ordinal);
        folder.Write("recorded/matrix.json", recorded[..outputs] + new Regex(@"(?<=""data"":\[)[^,]+").Replace(recorded[outputs..], "77", 1));
        var report = Verify(folder.Path);
        Assert.False(report.Passed);
        Assert.StartsWith("recorded/matrix.json: output 'prediction' row 0: expected 77, found", report.Reason);
    }

    [Fact]
    public void A_model_file_cut_at_every_hundredth_does_not_load()
    {
        using var folder = Copy();
        var whole = File.ReadAllBytes(folder.At("model.json"));
        for (var percent = 0; percent < 100; percent++)
        {
            folder.Write("model.json", whole[..(whole.Length * percent / 100)]);
            Assert.Throws<ModelException>(() => ModelPackage.Open(folder.Path, Runtimes.Default).Load());
        }
    }

    [Fact]
    public void A_damaged_model_file_is_refused_or_fails_parity_or_answers_the_same()
    {
        using var folder = Copy();
        var whole = File.ReadAllBytes(folder.At("model.json"));
        var random = new Random(31);
        var outcomes = new int[3];
        for (var i = 0; i < 200; i++)
        {
            var damaged = whole.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            folder.Write("model.json", damaged);
            try
            {
                outcomes[Verify(folder.Path).Passed ? 0 : 1]++;
            }
            catch (ModelException e)
            {
                Assert.NotEmpty(e.Message);
                outcomes[2]++;
            }
        }
        Assert.All(outcomes, count => Assert.True(count > 0));
    }

    [Fact]
    public void Example_packages_pass_their_own_recorded_rows()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Slipway.slnx"))) root = root.Parent;
        if (root is null) Assert.Skip("not run from a checkout");
        var examples = Directory.GetFiles(Path.Combine(root!.FullName, "examples"), ModelPackage.ManifestName, SearchOption.AllDirectories);
        Assert.NotEmpty(examples);
        foreach (var manifest in examples)
        {
            var report = Verify(Path.GetDirectoryName(manifest)!);
            Assert.True(report is { Passed: true, Rows: > 0 }, $"{manifest}: {report}");
        }
    }
}
