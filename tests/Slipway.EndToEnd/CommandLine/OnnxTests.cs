using System.Text.Json;

namespace Slipway.EndToEnd.CommandLine;

/// <summary>ONNX models on our own engine, and where it differs from the native one.</summary>
public sealed class OnnxTests : IDisposable
{
    private const string Graph = """
        input x float[d1,64]
        Gemm(x float[d1,64], w1 float[64,64], b1 float[64]) → hidden float[d1,64]    # layer1
        Tanh(hidden float[d1,64]) → active float[d1,64]    # activation
        Gemm(active float[d1,64], w2 float[64,8], b2 float[8]) → logits float[d1,8]    # layer2
        Softmax(logits float[d1,8]) → probabilities float[d1,8]    # classes
        output probabilities float[d1,8]

        """;

    private static readonly string Linear = Repository.PathOf("tests", "Slipway.Tests", "Models", "OnnxRuntime", "fixtures", "linear.onnx");
    private static readonly string Network = Repository.PathOf("tests", "Slipway.Tests", "Models", "Onnx", "fixtures", "network.onnx");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A command line on a machine without the native library.</summary>
    private Cli Bare => new(_folder.Path, new Dictionary<string, string> { ["SLIPWAY_ONNXRUNTIME"] = _folder["absent.so"] });

    private Cli WithNative
    {
        get
        {
            if (!Directory.Exists(Repository.PathOf("native", "node_modules", "onnxruntime-node"))) Assert.Skip("the native onnxruntime is absent: npm ci --ignore-scripts in native/ brings it");
            return new Cli(_folder.Path);
        }
    }

    [Fact]
    public async Task Model_is_verified_pushed_and_scored_without_the_native_library()
    {
        _folder.Write("package/model.yaml", "signature: { inputs: [{ name: x, columns: [a, b, c, d] }] }\n");
        File.Copy(Linear, _folder["package", "model.onnx"]);
        _folder.Write("rows.csv", "a,b,c,d\n0,0,0,0\n1,2,3,4\n");
        await Bare.OkAsync("score", "--model", "package", "--input", "rows.csv", "--output", "answers.csv");
        var answers = await File.ReadAllLinesAsync(_folder["answers.csv"]);
        Assert.Equal(3, answers.Length);

        Assert.EndsWith("1 passed, 0 failed, 0 skipped\n", await Bare.OkAsync("verify", "package", "--input", "rows.csv", "--expected", "answers.csv"));
        Assert.Equal("onnx", (await Bare.JsonAsync("push", "linear", "package", "--alias", "champion")).GetProperty("runtime").GetString());
        await Bare.OkAsync("score", "--model", "linear@champion", "--input", "rows.csv", "--output", "again.csv");
        Assert.Equal(answers, await File.ReadAllLinesAsync(_folder["again.csv"]));
    }

    [Fact]
    public async Task Call_chooses_the_engine()
    {
        Assert.Matches(@"runtime\s+onnx\n", await WithNative.OkAsync("inspect", Linear));
        Assert.Matches(@"runtime\s+onnxruntime\n", await WithNative.OkAsync("inspect", Linear, "--runtime", "onnxruntime"));
        Assert.Contains("there are: trees, pmml, onnx, onnxruntime", (await WithNative.RunAsync("inspect", Linear, "--runtime", "other")).Exits(1).Error);
    }

    [Fact]
    public async Task Refused_model_lists_what_is_missing_and_how_to_get_it()
    {
        var bytes = await File.ReadAllBytesAsync(Network);
        foreach (var name in new[] { "Tanh"u8.ToArray(), "Softmax"u8.ToArray() }) bytes[bytes.AsSpan().IndexOf(name) + name.Length - 1] = (byte)'?';
        await File.WriteAllBytesAsync(_folder["strange.onnx"], bytes);
        var error = (await Bare.RunAsync("score", "--model", "strange.onnx", "--input", "rows.csv", "--output", "answers.csv")).Exits(1).Error;
        Assert.StartsWith("strange.onnx: operator Tan? (version 13) is not known (at node 'activation' (Tan?)); operator Softma? (version 13) is not known", error);
        Assert.Contains("npm ci --ignore-scripts", error);
    }

    [Fact]
    public async Task Inspect_prints_the_graph_and_what_the_passes_make_of_it()
    {
        Assert.Equal(Graph, await Bare.OkAsync("inspect", Network, "--graph"));
        var passes = await Bare.OkAsync("inspect", Network, "--graph", "text", "--passes");
        Assert.StartsWith("# network.onnx, as bound: 4 nodes\n" + Graph, passes);
        Assert.Contains("# network.onnx, after fuse-epilogues: 3 nodes\n", passes);
        Assert.StartsWith("digraph model {", await Bare.OkAsync("inspect", Network, "--graph", "dot"));
        (await Bare.RunAsync("inspect", Network, "--passes")).Exits(2);
        (await Bare.RunAsync("inspect", Network, "--graph", "--json")).Exits(2);
        Assert.Contains("is not an ONNX model", (await Bare.RunAsync("inspect", Path.Combine(Repository.Package("delivery-time"), "model.json"), "--graph")).Exits(1).Error);
    }

    /// <summary>NumPy makes the rows, and reads what Slipway wrote.</summary>
    [Fact]
    public async Task Arrays_of_NumPy_are_scored_and_verified()
    {
        const string Python = "/usr/bin/python3";
        if (!File.Exists(Python)) Assert.Skip($"{Python} is absent");
        _folder.Write("rows.py", "import numpy as np\nnp.savez('rows.npz', np.random.default_rng(3).normal(size=(3000, 64)).astype('f4'))\n");
        _folder.Write("read.py", "import numpy as np\na = np.load('answers.npz')\np = a['probabilities']\nprint(a.files, p.dtype, p.shape, bool(np.allclose(p.sum(axis=1), 1, atol=1e-6)))\n");
        await using (var rows = ChildProcess.Start(Python, ["rows.py"], _folder.Path))
        {
            if (await rows.WaitAsync() != 0) Assert.Skip($"NumPy is absent: {rows.Error}");
        }
        Assert.Equal("3000 rows scored into answers.npz\n", await Bare.OkAsync("score", "--model", Network, "--input", "rows.npz", "--output", "answers.npz"));
        await using (var read = ChildProcess.Start(Python, ["read.py"], _folder.Path))
        {
            Assert.Equal(0, await read.WaitAsync());
            Assert.Equal("['probabilities'] float32 (3000, 8) True\n", read.Output);
        }
        await Bare.OkAsync("score", "--model", Network, "--input", "rows.npz", "--output", "answers.csv");
        Assert.Equal(3001, (await File.ReadAllLinesAsync(_folder["answers.csv"])).Length);
        foreach (var answers in new[] { "answers.npz", "answers.csv" })
        {
            Assert.EndsWith("1 passed, 0 failed, 0 skipped\n", await Bare.OkAsync("verify", Network, "--input", "rows.npz", "--expected", answers));
        }
        Assert.Contains("answers.npz: input 'x' has shape [1,8], expected [-1,64]", (await Bare.RunAsync("score", "--model", Network, "--input", "answers.npz", "--output", "again.npz")).Exits(1).Error);
        Assert.False(File.Exists(_folder["again.npz"]));
    }

    [Fact]
    public async Task Debug_diff_says_that_engines_agree()
    {
        var text = await WithNative.OkAsync("debug", "diff", Network);
        Assert.Matches(@"values\s+4\n", text);
        Assert.Contains("all agree, and so do the outputs of the optimised graph", text);
    }

    [Fact]
    public async Task Debug_diff_names_the_first_node_that_differs_with_its_worst_element()
    {
        var ended = (await WithNative.RunAsync("debug", "diff", Network, "--size", "50", "--rtol", "0", "--atol", "1e-12")).Exits(1);
        Assert.Matches("first difference\n  node           node '(layer1|activation)' ", ended.Output);
        Assert.Matches(@"worst element  \[\d+,\d+\]: \S+ on onnx, \S+ on onnxruntime", ended.Output);
        Assert.Matches(@"input 0        (x|hidden) float\[50,64\]", ended.Output);

        var json = JsonDocument.Parse((await WithNative.RunAsync("debug", "diff", Network, "--size", "50", "--rtol", "0", "--atol", "1e-12", "--json")).Exits(1).Output).RootElement;
        Assert.False(json.GetProperty("agrees").GetBoolean());
        Assert.Equal(4, json.GetProperty("comparison").GetProperty("values").GetInt32());
        Assert.Equal(2, json.GetProperty("comparison").GetProperty("first").GetProperty("difference").GetProperty("element").GetArrayLength());
    }

    [Fact]
    public async Task Debug_diff_without_the_native_library_says_how_to_get_it() =>
        Assert.Contains("npm ci --ignore-scripts", (await Bare.RunAsync("debug", "diff", Network)).Exits(1).Error);
}
