using System.Collections.Immutable;

namespace Slipway.Models.Formats.Pmml.Reading;

/// <summary>The element <c>Matrix</c> (PMML 4.4.1, General Structure): diagonal, symmetric or any, as arrays or as single cells.</summary>
/// <param name="Values">Row by row.</param>
internal sealed record MatrixElement(int Rows, int Columns, ImmutableArray<double> Values)
{
    private const int MaxCells = 1 << 24;

    private static readonly Choices<MatrixKind> Kinds = new(("diagonal", MatrixKind.Diagonal), ("symmetric", MatrixKind.Symmetric), ("any", MatrixKind.Any));

    private enum MatrixKind : byte
    {
        Diagonal,
        Symmetric,
        Any,
    }

    public double this[int row, int column] => Values[(row * Columns) + column];

    /// <exception cref="Core.ModelException">Its parts do not make a matrix.</exception>
    public static MatrixElement Read(ElementReader e)
    {
        var place = e.Place;
        var kind = e.Choice("kind", Kinds, MatrixKind.Any);
        var (rows, columns) = (e.Integer("nbRows"), e.Integer("nbCols"));
        var (diagonal, others) = (e.Number("diagDefault", 0), e.Number("offDiagDefault", 0));
        var arrays = new List<ImmutableArray<double>>();
        var cells = new List<(Place Place, int Row, int Column, double Value)>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (e.Name is "Array" or "INT-SparseArray" or "REAL-SparseArray") arrays.Add(ArrayElement.ReadNumbers(e));
            else if (e.Name == "MatCell") cells.Add(ReadCell(e));
        }
        if (kind == MatrixKind.Diagonal && arrays.Count == 1) rows ??= arrays[0].Length;
        var height = rows ?? Math.Max(arrays.Count, cells.Count == 0 ? 0 : cells.Max(c => c.Row));
        var width = columns ?? (kind != MatrixKind.Any ? height : Math.Max(arrays.Count == 0 ? 0 : arrays.Max(a => a.Length), cells.Count == 0 ? 0 : cells.Max(c => c.Column)));
        if (height < 1 || width < 1 || (long)height * width > MaxCells) throw place.Fault($"a matrix of {height} × {width} cells; 1 to {MaxCells} are allowed");
        if (kind != MatrixKind.Any && height != width) throw place.Fault($"a {kind} matrix has as many rows as columns, not {height} × {width}");
        var values = new double[height * width];
        for (var i = 0; i < values.Length; i++) values[i] = i / width == i % width ? diagonal : others;
        if (kind == MatrixKind.Diagonal && arrays.Count == 1) PutDiagonal(place, arrays[0], height, values);
        else PutRows(place, arrays, kind == MatrixKind.Symmetric, height, width, values);
        foreach (var (at, row, column, value) in cells)
        {
            if (row < 1 || row > height || column < 1 || column > width) throw at.Fault($"row=\"{row}\" col=\"{column}\" is outside a matrix of {height} × {width}");
            values[((row - 1) * width) + column - 1] = value;
            if (kind == MatrixKind.Symmetric) values[((column - 1) * width) + row - 1] = value;
        }
        return new MatrixElement(height, width, [.. values]);
    }

    private static (Place Place, int Row, int Column, double Value) ReadCell(ElementReader e)
    {
        var place = e.Place;
        var row = e.Integer("row") ?? throw e.Fault("the attribute 'row' is absent");
        var column = e.Integer("col") ?? throw e.Fault("the attribute 'col' is absent");
        var value = ArrayElement.ParseNumbers(e.ReadText(), place);
        return value.Length == 1 ? (place, row, column, value[0]) : throw place.Fault($"one number expected, {value.Length} found");
    }

    private static void PutDiagonal(Place place, ImmutableArray<double> diagonal, int size, Span<double> values)
    {
        if (diagonal.Length != size) throw place.Fault($"the diagonal of {size} × {size} cells has {diagonal.Length} values");
        for (var i = 0; i < size; i++) values[(i * size) + i] = diagonal[i];
    }

    /// <summary>A symmetric matrix may give each row up to its diagonal only.</summary>
    private static void PutRows(Place place, List<ImmutableArray<double>> arrays, bool isSymmetric, int height, int width, Span<double> values)
    {
        if (arrays.Count > height || (arrays.Count > 0 && arrays.Count < height)) throw place.Fault($"{arrays.Count} arrays for {height} rows");
        for (var row = 0; row < arrays.Count; row++)
        {
            var array = arrays[row];
            if (array.Length != width && !(isSymmetric && array.Length == row + 1)) throw place.Fault($"row {row + 1} has {array.Length} values, {width} are expected");
            for (var column = 0; column < array.Length; column++)
            {
                values[(row * width) + column] = array[column];
                if (isSymmetric && array.Length == row + 1) values[(column * width) + row] = array[column];
            }
        }
    }
}
