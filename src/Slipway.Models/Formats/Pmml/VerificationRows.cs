using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Formats.Pmml.Models;
using Slipway.Models.Packages;
using Slipway.Models.Parity;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml;

/// <summary>The rows of a <c>ModelVerification</c> element as recorded rows of the model.</summary>
internal static class VerificationRows
{
    /// <returns>One for each tolerance: every field has its own.</returns>
    public static IEnumerable<CarriedRows> Make(ModelVerification verification, RowProgram program)
    {
        var rows = verification.Table.Rows.Length;
        var outputs = verification.Fields.Where(f => program.Outputs.Any(o => o.Name == f.Field));
        foreach (var group in outputs.GroupBy(f => new Tolerance(f.Precision, 2 * f.ZeroThreshold)))
        {
            var expected = new Batch();
            foreach (var field in group)
            {
                var output = program.Outputs.First(o => o.Name == field.Field);
                expected.Add(Expected(output, [.. Cells(verification, field)]));
            }
            var inputs = new Batch();
            foreach (var input in program.Inputs)
            {
                var field = verification.Fields.FirstOrDefault(f => f.Field == input.Name);
                if (field is not null) inputs.Add(Tensor.OfText(input.Name, [.. Cells(verification, field)]));
                else if (!input.Optional) inputs.Add(Tensor.OfText(input.Name, new string?[rows]));
            }
            yield return new CarriedRows(inputs, expected, group.Key);
        }
    }

    private static IEnumerable<string?> Cells(ModelVerification verification, VerificationField field)
    {
        var column = verification.Table.IndexOf(field.Column);
        for (var row = 0; row < verification.Table.Rows.Length; row++) yield return verification.Table.Cell(row, column);
    }

    /// <summary>The column of an output, as <see cref="RowProgramModel"/> would write it.</summary>
    private static Tensor Expected(RowOutput output, ImmutableArray<string?> cells)
    {
        var type = RowProgramModel.ElementTypeOf(output.Format);
        if (type == ElementType.Bytes) return Tensor.OfText(output.Name, cells);
        var column = new Tensor(output.Name, type, cells.Length);
        for (var row = 0; row < cells.Length; row++)
        {
            var cell = cells[row] is { } text ? output.Format.Parse(text) : Cell.Missing;
            if (Cell.IsInvalid(cell)) throw new ModelException($"ModelVerification, row {row}: '{cells[row]}' is not of type {output.Format.Name}, as the output '{output.Name}' is");
            ColumnLoader.Write(column, row, cell);
        }
        return column;
    }
}
