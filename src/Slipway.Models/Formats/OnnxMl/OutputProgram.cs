using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Trees;

namespace Slipway.Models.Formats.OnnxMl;

/// <summary>What one step of the graph after the ensemble holds: as many values a row as <paramref name="Width"/>.</summary>
internal readonly record struct Slot(ElementType Type, int Width);

/// <summary>A model output: the slot it shows, under the shape it is declared with.</summary>
internal readonly record struct ProgramOutput(TensorSpec Spec, int Slot, int Rank);

/// <summary>What follows the trees, step by step over all rows of a batch.</summary>
internal sealed class OutputProgram(TensorSpec predictions, EnsembleScores scores, ImmutableArray<Slot> slots, ImmutableArray<OutputStep> steps, ImmutableArray<ProgramOutput> outputs)
    : OutputWriter(predictions)
{
    /// <summary>The slots that the ensemble itself fills: a regressor only the first.</summary>
    public const int Scores = 0, Labels = 1;

    public override void Write(Tensor predictions, Batch batch)
    {
        var rows = predictions.Rows;
        var frame = new Tensor?[slots.Length];
        try
        {
            for (var i = 0; i < frame.Length; i++) frame[i] = Rent($"slot {i}", slots[i].Type, rows, slots[i].Width, 2);
            WriteScores(predictions, frame);
            foreach (var step in steps) step.Run(frame!);
            foreach (var output in outputs) batch.Add(Copy(frame[output.Slot]!, output));
        }
        finally
        {
            foreach (var tensor in frame) tensor?.Dispose();
        }
    }

    private void WriteScores(Tensor predictions, Tensor?[] frame)
    {
        if (!scores.IsClassifier)
        {
            scores.Finish(predictions, frame[Scores]!, default);
            return;
        }
        if (!scores.HasTextLabels)
        {
            scores.Finish(predictions, frame[Scores]!, frame[Labels]!.Values<long>());
            return;
        }
        using var indices = Tensor.Uninitialized("indices", ElementType.Int64, predictions.Rows);
        scores.Finish(predictions, frame[Scores]!, indices.Values<long>());
        foreach (var index in indices.Values<long>()) frame[Labels]!.Append(scores.TextLabels[(int)index]);
    }

    private static Tensor Rent(string name, ElementType type, int rows, int width, int rank) =>
        rank == 1 ? Tensor.Uninitialized(name, type, rows) : Tensor.Uninitialized(name, type, rows, width);

    private static Tensor Copy(Tensor from, ProgramOutput output)
    {
        var tensor = Rent(output.Spec.Name, from.Type, from.Rows, (int)from.Shape[1], output.Rank);
        if (from.Type != ElementType.Bytes) from.RawData.CopyTo(tensor.RawData);
        else
        {
            for (var i = 0; i < from.Count; i++) tensor.Append(from.GetBytes(i));
        }
        return tensor;
    }
}
