using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Slipway.Models.OnnxRuntime;

namespace Slipway.Models.Onnx;

/// <summary>Runs ONNX models with Slipway's own engine: managed code, the same answers on every machine.</summary>
public sealed class GraphRuntime : IRuntime
{
    public string Name => "onnx";

    public bool CanOpen(string fileName, ReadOnlySpan<byte> head) => fileName.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) || OnnxHead.LooksLikeModel(head);

    /// <summary>Declines models with operators that are not there where the native runtime may take them; where it is absent, opening lists what is missing.</summary>
    public bool Accepts(string path)
    {
        try
        {
            return GraphBinder.Unsupported(OnnxReader.ReadStructure(path)).Count == 0 || !OrtLibrary.IsLoadable;
        }
        catch (ModelException e)
        {
            // A damaged file is told about by opening it; a format that is too new may be known to the native runtime.
            return !e.IsUnsupported || !OrtLibrary.IsLoadable;
        }
    }

    public ModelDescription Describe(string path)
    {
        var definition = OnnxReader.Read(path);
        var unsupported = GraphBinder.Unsupported(definition).ToList();
        GraphSignature? signature = null;
        if (unsupported.Count == 0)
        {
            var model = GraphModel.Compile(definition, GraphOptions.Default with { Optimise = false });
            signature = GraphSignature.Of(model);
            unsupported.AddRange(signature.Unsupported);
        }
        return new ModelDescription(definition.Format, Name, signature?.Signature, Facts(definition, path), [.. unsupported]);
    }

    public IModel Open(string path, RuntimeOptions options)
    {
        var name = Path.GetFileName(path);
        options.RequireWholePredictions(name, Name);
        try
        {
            var model = GraphModel.Compile(OnnxReader.Read(path), new GraphOptions(options.Threads, FastMath: options.FastMath));
            var signature = GraphSignature.Of(model);
            if (signature.Unsupported.Length > 0) throw new ModelException(string.Join("; ", signature.Unsupported)) { IsUnsupported = true };
            return new GraphRuntimeModel(model, signature.Signature);
        }
        catch (ModelException e) when (e.IsUnsupported)
        {
            throw new ModelException($"{Named(e.Message, name)}. {Elsewhere()}", e) { IsUnsupported = true };
        }
        catch (ModelException e) when (Named(e.Message, name) is var message && message != e.Message)
        {
            throw new ModelException(message, e);
        }
    }

    /// <exception cref="ModelException">The file is of another format.</exception>
    internal static void RequireOnnx(string path)
    {
        if (path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)) return;
        Span<byte> head = stackalloc byte[16];
        using var file = File.OpenHandle(path);
        if (!OnnxHead.LooksLikeModel(head[..RandomAccess.Read(file, head, 0)])) throw new ModelException($"{Path.GetFileName(path)} is not an ONNX model: only those have a graph of operators");
    }

    private static string Named(string message, string file) => message.StartsWith(file, StringComparison.Ordinal) ? message : $"{file}: {message}";

    private static string Elsewhere() => OrtLibrary.IsLoadable
        ? "The native runtime may have it: runtime: onnxruntime in model.yaml, or --runtime onnxruntime"
        : $"The native runtime may have it, but its library is not here: {OrtLibrary.Remedy}";

    private static ImmutableArray<KeyValuePair<string, string>> Facts(ModelDefinition definition, string path)
    {
        var facts = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        void Add(string name, string value)
        {
            if (value.Length > 0) facts.Add(new(name, value));
        }
        var metadata = definition.Metadata;
        Add("producer", $"{metadata.Producer} {metadata.ProducerVersion}".Trim());
        Add("description", metadata.Description);
        Add("graph", definition.Graph.Name);
        Add("ir version", metadata.IrVersion.ToString(CultureInfo.InvariantCulture));
        Add("operator sets", string.Join(", ", definition.OperatorSets.Select(s => $"{(s.Key.Length == 0 ? "ai.onnx" : s.Key)} {s.Value}")));
        Add("nodes", definition.Graph.Nodes.Length.ToString(CultureInfo.InvariantCulture));
        Add("operators", string.Join(", ", definition.Graph.Nodes.GroupBy(n => n.Qualified, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Count() == 1 ? g.Key : $"{g.Key} × {g.Count()}")));
        Add("parameters", definition.Graph.Initializers.Sum(i => (long)i.Tensor.Count).ToString(CultureInfo.InvariantCulture));
        Add("functions", string.Join(", ", definition.Functions.Select(f => $"{f.Domain}::{f.Name}")));
        foreach (var (name, value) in metadata.Properties) Add(name, value);
        Add("size", $"{new FileInfo(path).Length} bytes");
        return facts.ToImmutable();
    }
}
