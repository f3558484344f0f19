using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Slipway.Models.OnnxRuntime;
using Slipway.Models.Parity;

namespace Slipway.Models.Onnx;

/// <summary>
/// Runs an ONNX model on Slipway's own engine and on the native runtime, node by node: every inner value is made an output there, and kept here. Our engine runs the nodes
/// as they are in the file first, then the optimised graph, whose outputs are compared too.
/// </summary>
public static class EngineDiff
{
    /// <param name="path">The model file.</param>
    /// <param name="inputs">A folder with <c>input_0.pb</c>, …; an .npz archive; .pb files in the order of the inputs; empty to draw inputs.</param>
    /// <param name="seed">Of drawn inputs.</param>
    /// <param name="size">What drawn inputs have for dimensions that the model leaves open.</param>
    /// <exception cref="ModelException">The native library is not here, or one of the engines cannot open the model, or inputs cannot be read.</exception>
    /// <exception cref="RecordException">One of the engines cannot compute with the inputs.</exception>
    public static EngineComparison Run(string path, IReadOnlyList<string> inputs, Tolerance tolerance, int seed, int size)
    {
        GraphRuntime.RequireOnnx(path);
        if (!OrtLibrary.IsLoadable) throw new ModelException($"the engines cannot be compared: the library of the native runtime is not on this machine: {OrtLibrary.Remedy}");
        var definition = OnnxReader.Read(path);
        var plain = GraphModel.Compile(definition, GraphOptions.Default with { Optimise = false });
        var given = inputs.Count > 0 ? DiffInputs.Read(inputs, plain.Inputs) : DiffInputs.Draw(plain.Inputs, seed, size);
        var native = RunNative(definition, given);
        var trace = Trace(definition, plain, given);
        var comparer = new ValueComparer(tolerance);
        var (first, values, differing) = ((NodeDifference?)null, 0, 0);
        var random = RandomValues(plain.Graph);
        foreach (var node in plain.Graph.Nodes)
        {
            foreach (var output in node.Outputs)
            {
                if (output < 0 || plain.Graph.Values[output].Name is var name && (!trace.ContainsKey(name) || !native.ContainsKey(name))) continue;
                values++;
                if (comparer.Compare(trace[name], native[name], random.Contains(output)) is not { } difference) continue;
                differing++;
                first ??= new NodeDifference(node.ToString(), InputsOf(node, plain.Graph, trace, given), name, trace[name].Type.ToString()!, difference);
            }
        }
        var optimised = CompareOptimised(definition, given, native, plain, random, comparer);
        var source = inputs.Count > 0 ? string.Join(", ", inputs) : FormattableString.Invariant($"drawn with seed {seed}");
        return new EngineComparison(source, tolerance, values, random.Count, differing, comparer.Worst, first, optimised);
    }

    /// <summary>Every value of our engine. Constants are taken from before the operators packed them.</summary>
    private static Dictionary<string, Value> Trace(ModelDefinition definition, GraphModel model, Dictionary<string, Value> inputs)
    {
        var values = model.Trace([.. model.Inputs.Select(i => inputs[i.Name])]).ToDictionary(v => v.Key, v => v.Value, StringComparer.Ordinal);
        foreach (var value in GraphBinder.Bind(definition, GraphOptions.Default with { Optimise = false }).Graph.Values)
        {
            if (value.Constant is { } constant && values.ContainsKey(value.Name)) values[value.Name] = constant;
        }
        return values;
    }

    private static Dictionary<string, Value> RunNative(ModelDefinition definition, Dictionary<string, Value> inputs)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-diff-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            using (var file = File.Create(path)) OnnxWriter.Write(WithAllOutputs(definition), file);
            using var session = OnnxRuntimeGraph.Open(path);
            var outputs = session.Run(inputs);
            return session.OutputNames.Zip(outputs).ToDictionary(o => o.First, o => o.Second, StringComparer.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The model with every value of its nodes among the outputs; the runtime infers their types.</summary>
    private static ModelDefinition WithAllOutputs(ModelDefinition definition)
    {
        var graph = definition.Graph;
        var known = graph.Outputs.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        var inner = graph.Nodes.SelectMany(n => n.Outputs).Where(name => name.Length > 0 && known.Add(name)).Select(name => new ValueDefinition(name, null));
        return definition with { Graph = graph with { Outputs = [.. graph.Outputs, .. inner] } };
    }

    private static NodeDifference? CompareOptimised(ModelDefinition definition, Dictionary<string, Value> inputs, Dictionary<string, Value> native, GraphModel plain, HashSet<int> random, ValueComparer comparer)
    {
        var outputs = GraphModel.Compile(definition, GraphOptions.Default).Run(inputs);
        for (var i = 0; i < outputs.Length; i++)
        {
            var name = plain.Outputs[i].Name;
            if (comparer.Compare(outputs[i], native[name], random.Contains(plain.Graph.Outputs[i])) is { } difference) return new NodeDifference("the optimised graph", [], name, outputs[i].Type.ToString()!, difference);
        }
        return null;
    }

    /// <summary>What is drawn at random, and all that is computed of it.</summary>
    private static HashSet<int> RandomValues(BoundGraph graph)
    {
        var random = new HashSet<int>();
        foreach (var node in graph.Nodes)
        {
            if (node.Operator.IsDeterministic && !node.Inputs.Any(random.Contains)) continue;
            random.UnionWith(node.Outputs.Where(o => o >= 0));
        }
        return random;
    }

    private static ImmutableArray<string> InputsOf(BoundNode node, BoundGraph graph, Dictionary<string, Value> trace, Dictionary<string, Value> given) =>
        [.. node.Inputs.Select(i => i < 0 ? "-" : $"{graph.Values[i].Name} {trace.GetValueOrDefault(graph.Values[i].Name)?.Type ?? given.GetValueOrDefault(graph.Values[i].Name)?.Type ?? graph.Values[i].Type}")];
}
