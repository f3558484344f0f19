using System.Collections.Immutable;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>
/// ONNX files that are a tree ensemble and what converters put around it (https://onnx.ai/onnx/operators/index.html#ai-onnx-ml): opsets 1 to 5 of ai.onnx.ml.
/// Answers are ONNX Runtime's, under its names. A file with anything else in its graph is not of this format.
/// </summary>
internal sealed class OnnxMlFormat : ITreeFormat
{
    public string Name => "onnx-ml";

    public bool Matches(string fileName, ReadOnlySpan<byte> head)
    {
        if (!OnnxHead.LooksLikeModel(head)) return false;
        try
        {
            _ = OnnxFile.Read(head, GraphBinder.Accepts);
            return true;
        }
        catch (ModelException e)
        {
            // The head ends somewhere inside of the graph; what can be seen of it is not refused.
            return !e.IsUnsupported;
        }
    }

    public unsafe bool Accepts(string path)
    {
        try
        {
            using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            using var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            var length = new FileInfo(path).Length;
            if (length > int.MaxValue) return false;
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            try
            {
                var bytes = new ReadOnlySpan<byte>(start, (int)length);
                _ = GraphBinder.Bind(bytes, OnnxFile.Read(bytes, GraphBinder.Accepts)).Outputs();
                return true;
            }
            finally
            {
                view.SafeMemoryMappedViewHandle.ReleasePointer();
            }
        }
        catch (ModelException e)
        {
            return !e.IsUnsupported;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    public TreeModelDefinition Read(ReadOnlySpan<byte> file) => Read(file, forScores: false);

    public TreeModelDefinition ReadForScores(ReadOnlySpan<byte> file) => Read(file, forScores: true);

    private static TreeModelDefinition Read(ReadOnlySpan<byte> file, bool forScores)
    {
        var model = OnnxFile.Read(file, GraphBinder.Accepts);
        var graph = GraphBinder.Bind(file, model);
        var width = graph.Columns.Any(c => c.Count < 0) ? -1 : graph.Columns.Sum(c => c.Count);
        if (width == 0) throw new ModelException("the ensemble reads no columns");
        var trees = graph.Ensemble!.ReadTrees(new OnnxAttributes(file, graph.EnsembleNode!), width, forScores);
        var scores = graph.Ensemble.Scores;
        var outputs = graph.Outputs();
        var signature = new Signature([.. model.Inputs.Select(i => new TensorSpec(i.Name, i.Type!.Value, [.. i.Shape!]))], [.. outputs.Select(o => o.Spec)]);
        var isDirect = graph.Ensemble.IsPlain && outputs is [{ Slot: OutputProgram.Scores, Rank: 2 } only] && (only.Spec.Type == ElementType.Float32) == scores.InSingle;
        var predictions = new TensorSpec("predictions", trees.Kernel is null && scores.InSingle ? ElementType.Float32 : ElementType.Float64, [-1, trees.Kernel?.Outputs ?? scores.Targets]);
        var definition = new TreeModelDefinition(signature, MarginTransform.Identity)
        {
            Trees = trees.Kernel is null ? trees.Trees : null,
            Kernel = trees.Kernel,
            ScaleAndBias = trees.Bias,
            Encoder = IsMatrix(signature, graph.Columns, width, scores, trees) ? null : new InputColumnsEncoder(graph.Columns, trees.Features, trees.Categories),
            Writer = isDirect ? null : new OutputProgram(predictions, scores, [.. graph.Slots], [.. graph.Steps], outputs),
            FeatureNames = Names(graph.Columns, trees.Categories),
            Facts = OnnxMlFacts.Of(model, scores, trees),
        };
        return definition;
    }

    /// <summary>The rows of the only input are the rows that the trees read.</summary>
    private static bool IsMatrix(Signature signature, ImmutableArray<InputColumns> columns, int width, EnsembleScores scores, EnsembleTrees trees) =>
        signature.Inputs is [{ Type: ElementType.Float32 or ElementType.Float64 } input] && columns is [{ First: 0, Steps.IsEmpty: true }] && input.Shape[1] == width && width > 0
        && trees.Categories.Count == 0 && (input.Type == ElementType.Float32) == scores.InSingle;

    /// <summary>A feature that is compared for equality has its name for either of the two in a kernel's row.</summary>
    private static ImmutableArray<string> Names(ImmutableArray<InputColumns> columns, CategoryFeatures categories)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var block in columns)
        {
            if (block.Count < 0) return [];
            for (var c = 0; c < block.Count; c++)
            {
                names.Add(block is { First: 0, Count: 1 } ? block.Input : string.Create(CultureInfo.InvariantCulture, $"{block.Input}[{block.First + c}]"));
            }
        }
        foreach (var source in categories.Sources)
        {
            if (source < names.Count) names.Add(names[source]);
        }
        return names.ToImmutable();
    }
}
