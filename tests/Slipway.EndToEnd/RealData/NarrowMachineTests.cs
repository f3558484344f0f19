using Slipway.Tests;

namespace Slipway.EndToEnd.RealData;

/// <summary>Models of others (corpora <c>onnx-nets</c>, <c>onnx-backend</c>) have the same bits on processors with narrower vectors, which the .NET runtime can play.</summary>
public sealed class NarrowMachineTests
{
    private static readonly string Program = Repository.PathOf("tests", "Slipway.Conformance", "bin", Repository.Configuration, "net10.0", "Slipway.Conformance.dll");

    /// <summary>The standard's own suite when SLIPWAY_TEST_ALL is 1; else nets, of which without AVX2 (and with it without fused multiply-add) some take minutes.</summary>
    public static TheoryData<string, string, string> Suites => Environment.GetEnvironmentVariable("SLIPWAY_TEST_ALL") == "1"
        ? new() { { "onnx-nets", "*", "EnableAVX512" }, { "onnx-nets", "mnist", "EnableAVX2" }, { "onnx-backend", "*", "EnableAVX512" }, { "onnx-backend", "/node/", "EnableAVX2" } }
        : new() { { "onnx-nets", "*", "EnableAVX512" }, { "onnx-nets", "mnist", "EnableAVX2" } };

    [Theory, MemberData(nameof(Suites))]
    public async Task Outputs_have_the_bits_of_this_machine(string suite, string only, string without)
    {
        using var folder = new TemporaryFolder();
        var here = await DigestsAsync("here.tsv", new Dictionary<string, string>());
        var narrow = await DigestsAsync("narrow.tsv", new Dictionary<string, string> { [$"DOTNET_{without}"] = "0" });
        Assert.Contains(here, line => line.Split('\t')[1].Length == 16);
        Assert.Equal(here, narrow);

        async Task<string[]> DigestsAsync(string file, IReadOnlyDictionary<string, string> environment)
        {
            string[] arguments = [Program, suite, Corpora.Find(suite), "--only", only, "--digests", folder[file]];
            await using var run = ChildProcess.Start(Repository.Dotnet, arguments, folder.Path, environment);
            Assert.True(await run.WaitAsync() is 0 or 1, run.Transcript);
            return await File.ReadAllLinesAsync(folder[file]);
        }
    }
}
