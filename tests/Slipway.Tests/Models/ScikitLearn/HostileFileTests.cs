using System.IO.Compression;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.ScikitLearn;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.ScikitLearn;

/// <summary>Every byte of a model file is hostile: a clear error or a model that runs, in bounded memory, and nothing of it executed.</summary>
public class HostileFileTests
{
    /// <summary>What the formats are written with.</summary>
    private const string Alphabet = "0123456789(.]})aceghilopqrstuRNbIJKXVU";

    /// <summary>Per case; the golden models are up to 100 KB.</summary>
    private const long MaxBytes = 16 << 20;

    /// <summary>Per model: more than two thousand for each way to write one.</summary>
    private const int Mutations = 250;

    public static TheoryData<string> Models =>
    [
        "tree-classifier.0.pkl", "tree-classifier.1.pkl", "tree-classifier.2.pkl", "tree-classifier.3.pkl", "tree-classifier.4.pkl", "tree-classifier.5.pkl", "tree-classifier.joblib",
        "tree-classifier.zlib.joblib", "tree-classifier.gzip.joblib", "gradient-binary.4.pkl", "gradient-binary.joblib", "histogram-categories.4.pkl", "histogram-categories.joblib",
        "tree-two-outputs.4.pkl", "bagging-few-samples.4.pkl", "isolation-subsampled.4.pkl", "adaboost-discrete.4.pkl", "adaboost-regressor.4.pkl", "tree-two-outputs.json",
        "gradient-three.json", "histogram-categories.json", "isolation-subsampled.json", "adaboost-real.json",
    ];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_file_cut_at_any_percent_is_refused(string model)
    {
        var bytes = File.ReadAllBytes(GoldenFiles.PathOf(model));
        for (var percent = 0; percent < 100; percent++) Assert.NotNull(ReadWithin(model, bytes.AsSpan(0, bytes.Length * percent / 100).ToArray()));
        if (!model.Contains("zip", StringComparison.Ordinal) && !model.Contains("zlib", StringComparison.Ordinal)) Assert.NotNull(ReadWithin(model, bytes[..^1]));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_damaged_file_is_refused_or_runs(string model)
    {
        var bytes = File.ReadAllBytes(GoldenFiles.PathOf(model));
        var random = new Random(model.Length);
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            if (ReadWithin(model, DamagedBytes.Of(Alphabet, bytes, random)) is not null) refused++;
        }
        Assert.InRange(refused, 1, Mutations);
    }

    /// <summary>What proof-of-concept exploits write: at the top, inside of an argument, and in every way to name a function.</summary>
    [Theory]
    [InlineData("cos\nsystem\n(S'touch {0}'\ntR.", "os.system")]
    [InlineData("cposix\nsystem\np0\n(Vtouch {0}\np1\ntp2\nRp3\n.", "posix.system")]
    [InlineData("(S'touch {0}'\nios\nsystem\n.", "os.system")]
    [InlineData("(cos\nsystem\nS'touch {0}'\no.", "os.system")]
    [InlineData("c__builtin__\neval\n(Vopen('{0}','w')\ntR.", "__builtin__.eval")]
    [InlineData("\u0080\u0004\u008c\u0008builtins\u008c\u0004exec\u0093\u008c\u0004pass\u0085R.", "builtins.exec")]
    [InlineData("\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093\u008c\u0004true\u0085\u0081.", "os.system")]
    [InlineData("\u0080\u0002(csklearn.tree.tree\nDecisionTreeClassifier\ncsubprocess\nPopen\n(U\u0004trueetRt.", "subprocess.Popen")]
    [InlineData("cos.path\njoin\n(tR.", "os.path.join")]
    [InlineData("crunpy\n_run_code\n(tR.", "runpy._run_code")]
    [InlineData("cimportlib\nimport_module\n(Vos\ntR.", "importlib.import_module")]
    public void A_payload_is_refused_by_its_name_and_does_nothing(string payload, string name)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-pickle-");
        try
        {
            var trace = Path.Combine(folder.FullName, "trace");
            var path = Path.Combine(folder.FullName, "model.pkl");
            File.WriteAllBytes(path, Encoding.Latin1.GetBytes(payload.Replace("{0}", trace, StringComparison.Ordinal)));
            var error = Assert.Throws<ModelException>(() => new SklearnPickleFormat().Read(File.ReadAllBytes(path)));
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            Assert.Contains("byte ", error.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(trace));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_payload_in_an_attribute_of_a_good_model_is_refused()
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(GoldenFiles.PathOf("tree-classifier.0.pkl")));
        const string Attribute = "Vrandom_state\n";
        var at = text.IndexOf(Attribute, StringComparison.Ordinal);
        var start = text.IndexOf('\n', at + Attribute.Length) + 1;
        var infected = text[..start] + "cposix\nsystem\n(Vtrue\ntR0" + text[start..];
        Assert.Contains("posix.system", ReadWithin("model.pkl", Encoding.Latin1.GetBytes(infected))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_functions_are_never_called_and_refused_by_name()
    {
        var definition = new SklearnPickleFormat().Read(Latin1("\u0080\u0002cantigravity\nfly\n)R."));
        Assert.StartsWith("antigravity.fly", Assert.Single(definition.Unsupported), StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> Bombs => new()
    {
        { "a text of 4 GB", Latin1("\u0080\u0002X\u00ff\u00ff\u00ff\u00ff") },
        { "a text of 2^63 bytes", Latin1("\u0080\u0004\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f") },
        { "bytes of 2^64", Latin1("\u0080\u0004\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff") },
        { "a byte array of 2^62", Latin1("\u0080\u0005\u0096\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u003f") },
        { "an integer of 2 GB", Latin1("\u0080\u0002\u008b\u00ff\u00ff\u00ff\u007f") },
        { "an integer of a million digits", Latin1("L" + new string('9', 1_000_000) + "L\n.") },
        { "a million marks", Latin1(new string('(', 1_000_000)) },
        { "lists in lists", Latin1("\u0080\u0002" + new string(']', 500_000) + new string('a', 499_999) + ".") },
        { "tuples of tuples", Latin1("\u0080\u0002)" + string.Concat(Enumerable.Repeat("\u0085", 500_000)) + ".") },
        { "a list in itself", Latin1("\u0080\u0002]q\u0000h\u0000a.") },
        { "a laugh: each list ten times the one before", Latin1("\u0080\u0002]q\u0000" + string.Concat(Enumerable.Range(1, 40).Select(i => $"](" + string.Concat(Enumerable.Repeat($"h{(char)(i - 1)}", 10)) + $"eq{(char)i}")) + ".") },
        { "a memo entry that is not there", Latin1("\u0080\u0002h\u0007.") },
        { "a far memo entry", Latin1("\u0080\u0002Nr\u00ff\u00ff\u00ff\u00ffj\u00ff\u00ff\u00ff\u00ff.") },
        { "nothing on the stack", Latin1("\u0080\u0002.") },
        { "an append to nothing", Latin1("\u0080\u0002a.") },
        { "a state for a number", Latin1("\u0080\u0002K\u0001}b.") },
        { "a key without a value", Latin1("\u0080\u0002}(K\u0001u.") },
        { "protocol 6", Latin1("\u0080\u0006N.") },
        { "an unknown opcode", Latin1("\u0080\u0004\u00fe.") },
        { "a mark that is not there", Latin1("\u0080\u0002t.") },
        { "classes without a size", TreeWith("classes_", "cnumpy.core.multiarray\n_reconstruct\n(tR(K\u0001(J\u00ff\u00ff\u00ff\u007ftcnumpy\ndtype\n(U\u0002U0tR\u0089U\u0000tb") },
        { "objects that are not there", TreeWith("classes_", "cnumpy.core.multiarray\n_reconstruct\n(tR(K\u0001(J\u00ff\u00ff\u00ff\u007ftcnumpy\ndtype\n(U\u0002O8tR\u0089]tb") },
        { "a type that has itself as a field", TreeWith("classes_", "cnumpy.core.multiarray\n_reconstruct\n(tR(K\u0001(K\u0001tcnumpy\ndtype\n(U\u0002V8tRq\u0007(K\u0003U\u0001|N(tt}U\u0001a(h\u0007K\u0000tsK\u0008K\u0001K\u0000tb\u0089U\u0000tb") },
        { "a text for a count of features", TreeWith("n_outputs_", "U\u0004many") },
    };

    /// <summary>A pickle of a tree with one more attribute.</summary>
    private static byte[] TreeWith(string name, string value) =>
        Latin1($"\u0080\u0002csklearn.tree.tree\nDecisionTreeClassifier\n)\u0081}}(U\u000en_features_in_K\u0005U{(char)name.Length}{name}{value}ub.");

    [Fact]
    public void A_member_with_many_attributes_that_is_named_again_and_again_is_refused()
    {
        var attributes = string.Concat(Enumerable.Range(0, 20_000).Select(_ => "NN"));
        var member = $"csklearn.tree.tree\nDecisionTreeRegressor\n)\u0081q\u0001}}({attributes}ub";
        var members = member + string.Concat(Enumerable.Repeat("h\u0001", 20_000));
        var file = Latin1($"\u0080\u0002csklearn.ensemble.forest\nRandomForestRegressor\n)\u0081}}(U\u000en_features_in_K\u0005U\u000bestimators_]({members}eub.");
        Assert.Contains("again and again", ReadWithin("bomb.pkl", file)!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_pickle_bomb_is_refused(string what, byte[] file) => Assert.True(ReadWithin("bomb.pkl", file) is not null, what);

    [Fact]
    public void A_bomb_of_values_ends_at_a_bound()
    {
        var error = ReadWithin("bomb.pkl", Latin1("\u0080\u0002" + new string('N', 6_000_000)), 600L << 20);
        Assert.Contains("more than 4194304 values", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_bomb_ends_at_a_bound()
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write([0x80, 2]);
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 80; i++) zlib.Write(zeros);
        }
        var error = ReadWithin("bomb.joblib", packed.ToArray(), 200L << 20);
        Assert.Contains("unpacks to more than", error!.Message, StringComparison.Ordinal);
    }

    /// <summary>An honest tree that an ensemble of twenty bytes an entry names a thousand times over.</summary>
    [Fact]
    public void A_tree_that_is_named_again_and_again_is_refused()
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(GoldenFiles.PathOf("forest-regressor.2.pkl")));
        var list = text.IndexOf("estimators_q", StringComparison.Ordinal);
        var open = text.IndexOf('(', list);
        // The first tree is stored under the number behind the opcode that creates it.
        var member = text.IndexOf("\u0081q", open, StringComparison.Ordinal);
        var recall = $"h{text[member + 2]}";
        var build = text.IndexOf("ub", member, StringComparison.Ordinal);
        var end = text.LastIndexOf("ube", StringComparison.Ordinal);
        Assert.True(end > build && build > member);
        var bomb = text[..(end + 2)] + string.Concat(Enumerable.Repeat(recall, 5_000)) + text[(end + 2)..];
        Assert.Contains("again and again", ReadWithin("bomb.pkl", Latin1(bomb))!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"left_child\":[1,", "\"left_child\":[77,", "left child 77 does not exist")]
    [InlineData("\"left_child\":[1,", "\"left_child\":[0,", "reached twice")]
    [InlineData("\"n_features_in_\":5", "\"n_features_in_\":2000000000", "2000000000 features")]
    [InlineData("\"n_features_in_\":5", "\"n_features_in_\":1", "there are 1 features")]
    [InlineData("\"n_outputs_\":1", "\"n_outputs_\":900000000", "900000000 outputs")]
    [InlineData("\"n_outputs_\":1", "\"n_outputs_\":2", "classes_")]
    [InlineData("DecisionTreeClassifier", "AdaBoostRegressor", "estimators_")]
    [InlineData("\"version\":1", "\"version\":2", "version")]
    [InlineData("\"threshold\":[", "\"threshold\":[1,", "'threshold' has")]
    [InlineData("\"classes_\":[", "\"classes_\":[\"more\",\"and more\",\"and even more\",", "values a node")]
    public void A_false_value_in_JSON_is_refused_with_its_place(string from, string to, string message)
    {
        var text = File.ReadAllText(GoldenFiles.PathOf("tree-classifier.json"));
        Assert.Contains(from, text, StringComparison.Ordinal);
        Assert.Contains(message, ReadWithin("model.json", Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_in_JSON_is_refused() =>
        Assert.NotNull(ReadWithin("deep.json", Encoding.UTF8.GetBytes("{\"format\":\"sklearn-json\",\"model\":" + new string('[', 200_000))));

    /// <summary>Reads and runs; the error when it is refused. Anything but a ModelException, and too much memory, fails the test.</summary>
    private static ModelException? ReadWithin(string name, byte[] file, long limit = MaxBytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ModelException? refusal = null;
        try
        {
            ITreeFormat format = Path.GetExtension(name) == ".json" ? new SklearnJsonFormat() : new SklearnPickleFormat();
            var definition = format.Read(file);
            if (!definition.Unsupported.IsEmpty) return null;
            Score(definition);
        }
        catch (ModelException e)
        {
            refusal = e;
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, limit + (64L * file.Length));
        return refusal;
    }

    private static void Score(TreeModelDefinition definition)
    {
        if (definition.Signature.Inputs is not [{ Shape: [_, var features] } input] || features > 1000) return;
        using var model = TreesModel.Compile(definition, new RuntimeOptions(Threads: 1));
        var rows = Enumerable.Range(0, 10).Select(r => Enumerable.Range(0, (int)features).Select(f => (r * 0.7) - f).ToArray()).ToArray();
        using var inputs = GoldenFiles.Inputs(model.Signature, rows);
        using var outputs = model.Run(inputs);
    }

    private static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);
}
