using System.Collections.Immutable;
using Slipway.Core;

namespace Slipway.Pipelines.UseCases;

/// <summary>
/// A model's outputs as columns of a table. An output <c>[rows]</c> or <c>[rows, 1]</c> is one column of its name; <c>[rows, n]</c> is n columns, named by its
/// <see cref="TensorSpec.Columns"/> or <c>NAME_0</c> to <c>NAME_n-1</c>. An output without a fixed number of values a row is no column: see <see cref="Notes"/>.
/// </summary>
public sealed class ModelOutputs
{
    private readonly ImmutableArray<Slice> _slices;

    private ModelOutputs(ImmutableArray<Slice> slices, ImmutableArray<string> notes)
    {
        _slices = slices;
        Notes = notes;
        Schema = new TableSchema([.. slices.Select(s => s.Column)]);
    }

    public TableSchema Schema { get; }

    /// <summary>Outputs that cannot be columns, and why.</summary>
    public ImmutableArray<string> Notes { get; }

    public static ModelOutputs Of(Signature signature)
    {
        var slices = ImmutableArray.CreateBuilder<Slice>();
        var notes = ImmutableArray.CreateBuilder<string>();
        foreach (var output in signature.Outputs)
        {
            long width = output.Shape.Length == 0 ? -1 : 1;
            for (var i = 1; i < output.Shape.Length && width > 0; i++) width = output.Shape[i] < 0 || output.Shape[i] > MaxWidth ? -1 : width * output.Shape[i];
            if (width is < 1 or > MaxWidth)
            {
                notes.Add($"output {output} is no column for conditions and actions: it has no fixed number of values a row, or more than {MaxWidth}");
                continue;
            }
            for (var at = 0; at < width; at++)
            {
                var name = width == 1 ? output.Name : output.Columns.Length == width ? output.Columns[at] : $"{output.Name}_{at}";
                slices.Add(new Slice(output.Name, at, (int)width, new ColumnSpec(name, output.Type)));
            }
        }
        return new ModelOutputs(slices.ToImmutable(), notes.ToImmutable());
    }

    /// <summary>Cuts scored parts into columns, the rows of one part after those of another.</summary>
    /// <exception cref="ModelException">The outputs are not what the signature promises.</exception>
    public Batch Columns(IReadOnlyList<ScoredPart> parts)
    {
        var rows = 0;
        foreach (var part in parts) rows += part.Rows.Length;
        var columns = new Batch();
        try
        {
            foreach (var slice in _slices) columns.Add(Column(slice, parts, rows));
            return columns;
        }
        catch
        {
            columns.Dispose();
            throw;
        }
    }

    private const int MaxWidth = 1024;

    private static Tensor Column(Slice slice, IReadOnlyList<ScoredPart> parts, int rows)
    {
        var column = Tensor.Uninitialized(slice.Column.Name, slice.Column.Type, rows);
        var start = 0;
        foreach (var part in parts)
        {
            if (!part.Outputs.TryGet(slice.Output, out var output) || output.Type != slice.Column.Type || output.Count != part.Rows.Length * slice.Width)
            {
                column.Dispose();
                throw new ModelException(
                    $"output '{slice.Output}' of {part.Model}/{part.Version} is {(output is null ? "absent" : output.ToString())}, expected {slice.Column.Type.ProtocolName} with {slice.Width} values for each of {part.Rows.Length} rows");
            }
            Copy(output, slice, column, start);
            start += part.Rows.Length;
        }
        return column;
    }

    private static void Copy(Tensor output, Slice slice, Tensor column, int start)
    {
        var size = column.Type.Size;
        var rows = output.Count / slice.Width;
        if (column.Type != ElementType.Bytes && slice.Width == 1) output.RawData.CopyTo(column.RawData[(start * size)..]);
        for (var row = 0; row < rows; row++)
        {
            var from = (row * slice.Width) + slice.At;
            if (column.Type == ElementType.Bytes) column.Append(output.GetBytes(from));
            else if (slice.Width > 1) output.RawData.Slice(from * size, size).CopyTo(column.RawData[((start + row) * size)..]);
            if (output.HasMissing && output.IsMissing(from)) column.SetMissing(start + row);
        }
    }

    /// <param name="At">Which of the <paramref name="Width"/> values of a row.</param>
    private readonly record struct Slice(string Output, int At, int Width, ColumnSpec Column);
}
