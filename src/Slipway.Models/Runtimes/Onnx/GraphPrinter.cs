using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Models.Onnx;

/// <summary>How a graph is written.</summary>
public enum GraphNotation
{
    /// <summary>One line a node.</summary>
    Text,

    /// <summary>A digraph in Graphviz's language; several follow one another.</summary>
    Graphviz,
}

/// <summary>Prints the graphs of ONNX models as Slipway's own engine sees them.</summary>
public static class GraphPrinter
{
    /// <param name="passes">Also after each pass of the optimiser that changes it, each with a heading; else only as it is bound, before the first.</param>
    /// <param name="fastMath">With the passes of fast math.</param>
    /// <exception cref="ModelException">The file is not ONNX, is damaged, or has operators that the engine does not know.</exception>
    public static void Print(string path, GraphNotation notation, bool passes, TextWriter output, bool fastMath = false)
    {
        var name = Path.GetFileName(path);
        GraphRuntime.RequireOnnx(path);
        try
        {
            var (graph, symbols) = GraphBinder.Bind(OnnxReader.Read(path), GraphOptions.Default);
            if (!passes)
            {
                Write(graph);
                return;
            }
            WriteStage("as bound", graph);
            GraphOptimiser.Optimise(graph, symbols, fastMath, (pass, better) => WriteStage($"after {pass}", better));
        }
        catch (ModelException e) when (!e.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new ModelException($"{name}: {e.Message}", e) { IsUnsupported = e.IsUnsupported };
        }

        void WriteStage(string stage, BoundGraph graph)
        {
            output.WriteLine(notation == GraphNotation.Graphviz ? $"// {name}, {stage}" : $"# {name}, {stage}: {graph.Nodes.Length} nodes");
            Write(graph);
            if (notation == GraphNotation.Text) output.WriteLine();
        }

        void Write(BoundGraph graph) => output.Write(notation == GraphNotation.Graphviz ? GraphText.Graphviz(graph) : GraphText.Lines(graph));
    }
}
