using Slipway.Core;
using Slipway.Models.Onnx;
using static Slipway.Tests.Models.Onnx.OnnxModels;

namespace Slipway.Tests.Models.Onnx;

public sealed class GraphPrinterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-graph-printer-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Text_has_a_line_for_each_input_node_and_output_with_its_types()
    {
        Assert.Equal(
            """
            input x float[d1,2,6,6]
            Conv(x float[d1,2,6,6], w1 float[4,2,3,3], b1 float[4]) → c float[d1,4,4,4]
            Relu(c float[d1,4,4,4]) → r float[d1,4,4,4]
            GlobalAveragePool(r float[d1,4,4,4]) → p float[d1,4,1,1]
            Flatten(p float[d1,4,1,1]) → f float[d1,4]
            MatMul(f float[d1,4], w2 float[4,3]) → m float[d1,3]
            Add(m float[d1,3], b2 float[3]) → y float[d1,3]
            output y float[d1,3]

            """, Print(GraphNotation.Text, passes: false));
    }

    [Fact]
    public void Passes_show_the_graph_before_and_after_each_that_changed_it()
    {
        var sections = Print(GraphNotation.Text, passes: true).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("# model.onnx, as bound: 6 nodes\n", sections[0], StringComparison.Ordinal);
        Assert.Contains(sections[1..], s => s.StartsWith("# model.onnx, after fuse-epilogues: 4 nodes\n", StringComparison.Ordinal));
        Assert.Equal(sections.Length, sections.Select(s => s[s.IndexOf('\n', StringComparison.Ordinal)..]).Distinct().Count());
    }

    [Fact]
    public void Graphviz_has_a_digraph_for_each_stage()
    {
        var one = Print(GraphNotation.Graphviz, passes: false);
        Assert.StartsWith("digraph model {\n", one, StringComparison.Ordinal);
        Assert.Contains("n0 -> n1 [label=\"float[d1,4,4,4]\"];", one, StringComparison.Ordinal);
        var all = Print(GraphNotation.Graphviz, passes: true);
        Assert.StartsWith("// model.onnx, as bound\ndigraph model {\n", all, StringComparison.Ordinal);
        Assert.Contains("// model.onnx, after fuse-epilogues\ndigraph model {\n", all, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_files_are_refused_by_name()
    {
        var path = Path.Combine(_folder.FullName, "model.json");
        File.WriteAllText(path, "{}");
        Assert.Equal("model.json is not an ONNX model: only those have a graph of operators", Assert.Throws<ModelException>(() => GraphPrinter.Print(path, GraphNotation.Text, false, TextWriter.Null)).Message);
    }

    private string Print(GraphNotation notation, bool passes)
    {
        using var text = new StringWriter { NewLine = "\n" };
        GraphPrinter.Print(Write(_folder, Network()), notation, passes, text);
        return text.ToString();
    }
}
