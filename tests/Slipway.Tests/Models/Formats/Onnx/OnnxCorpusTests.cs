using Slipway.Core;
using Slipway.Models.Formats.Onnx;

namespace Slipway.Tests.Models.Formats.Onnx;

public class OnnxCorpusTests
{
    /// <summary>Models of the corpora that are damaged on purpose, or lack the file of their external data.</summary>
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["ortdata_icm-31000000518082"] = "a node has no operator",
        ["ortdata_model_with_external_initializers"] = "the external data 'Pads.bin' is absent",
        ["ortdata_test_evil_weights"] = "_ORT_MEM_ADDR_",
    };

    internal static IEnumerable<string> Models(string corpus) => Directory.EnumerateFiles(Corpora.Find(corpus), "model.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    [Theory]
    [InlineData("onnx-backend", 2709)]
    [InlineData("onnx-nets", 193)]
    public void Every_model_of_the_corpora_reads(string corpus, int count)
    {
        var faults = new List<string>();
        var read = 0;
        foreach (var path in Models(corpus))
        {
            read++;
            var name = Path.GetFileName(Path.GetDirectoryName(path))!;
            try
            {
                var model = OnnxReader.Read(path);
                if (Refused.ContainsKey(name)) faults.Add($"{name} is read");
                Assert.NotEmpty(model.OperatorSets);
            }
            catch (ModelException e)
            {
                if (!Refused.TryGetValue(name, out var reason) || !e.Message.Contains(reason, StringComparison.Ordinal)) faults.Add($"{name}: {e.Message}");
            }
        }
        Assert.True(faults.Count == 0, string.Join("\n", faults));
        Assert.True(read >= count, $"{read} models of {count}");
    }
}
