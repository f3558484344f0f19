using System.Diagnostics;
using Slipway.Models.Formats.ScikitLearn;

namespace Slipway.Tests.Models.ScikitLearn;

/// <summary>docs/export/sklearn_to_json.py, as a user calls it.</summary>
public class ExportScriptTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public void Script_exports_the_model_that_the_pickle_holds()
    {
        if (!File.Exists(Python) || Run("-c", "import sys, sklearn; sys.exit(sklearn.__version__ != '1.2.1')") != 0) Assert.Skip($"{Python} has no scikit-learn 1.2.1, which the pickle is of: apt-get install python3-sklearn");
        var folder = Directory.CreateTempSubdirectory("slipway-export-");
        try
        {
            var json = Path.Combine(folder.FullName, "model.json");
            var script = Path.Combine(Repository.Root, "docs", "export", "sklearn_to_json.py");
            Assert.Equal(0, Run(script, GoldenFiles.PathOf("gradient-three.zlib.joblib"), json));
            var exported = new SklearnJsonFormat().Read(File.ReadAllBytes(json));
            var pickled = new SklearnPickleFormat().Read(File.ReadAllBytes(GoldenFiles.PathOf("gradient-three.zlib.joblib")));
            Assert.Equal(pickled.Signature, exported.Signature);
            Assert.Equal(pickled.Trees!.Thresholds, exported.Trees!.Thresholds);
            for (var k = 0; k < 3; k++) Assert.Equal(pickled.Trees.BaseMargins[k], exported.Trees.BaseMargins[k], 1e-15);
            Assert.NotEqual(0, Run(script));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static int Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
