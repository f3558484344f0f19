using System.Numerics;

namespace Slipway.Core;

/// <summary>
/// Brings data into the form a model's <see cref="Signature"/> asks for: tensors of the same name are taken (converted between numeric types where needed),
/// and the columns of a table are gathered into a matrix input by the names its <see cref="TensorSpec.Columns"/> give.
/// </summary>
public static class InputBinding
{
    /// <summary>
    /// Returns <paramref name="given"/> itself when it already fits, else a new batch that the caller disposes.
    /// </summary>
    /// <param name="allowExtra">Ignore tensors the signature does not name (a table's other columns); otherwise they are an error.</param>
    /// <exception cref="RecordException">Something is absent, unknown, of the wrong type or of the wrong shape.</exception>
    public static Batch Bind(Signature signature, Batch given, bool allowExtra = false)
    {
        if (Fits(signature, given)) return given;
        if (!allowExtra) RefuseUnknown(signature, given);
        var bound = new Batch();
        try
        {
            foreach (var input in signature.Inputs)
            {
                if (given.TryGet(input.Name, out var tensor))
                {
                    CheckShape(input, tensor);
                    bound.Add(input.AnyType ? tensor.Copy() : tensor.ConvertTo(input.Type));
                }
                else if (!input.Columns.IsEmpty)
                {
                    bound.Add(Gather(input, given));
                }
                else if (!input.Optional)
                {
                    throw new RecordException(AbsentInput(input, given));
                }
            }
            return bound.Count > 0 || !allowExtra ? bound : given; // A model that reads none of the columns must still learn how many rows there are.
        }
        catch
        {
            bound.Dispose();
            throw;
        }
    }

    /// <summary>Throws unless the batch holds every required input under its name, type and shape: what <see cref="IModel.Run"/> demands.</summary>
    /// <exception cref="RecordException">An input is absent or has another type or shape.</exception>
    public static void Require(Signature signature, Batch inputs)
    {
        foreach (var input in signature.Inputs)
        {
            if (!inputs.TryGet(input.Name, out var tensor))
            {
                throw new RecordException(AbsentInput(input, inputs));
            }
            if (tensor.Type != input.Type && !input.AnyType) throw new RecordException($"input '{input.Name}' is {tensor.Type.ProtocolName}, {input.Type.ProtocolName} expected");
            CheckShape(input, tensor);
        }
    }

    private static bool Fits(Signature signature, Batch given)
    {
        if (given.Count != signature.Inputs.Length) return false;
        for (var i = 0; i < given.Count; i++)
        {
            var input = signature.Inputs[i];
            if (given[i].Name != input.Name || (given[i].Type != input.Type && !input.AnyType)) return false;
            CheckShape(input, given[i]);
        }
        return true;
    }

    private static void CheckShape(TensorSpec input, Tensor tensor)
    {
        var shape = tensor.Shape;
        var fits = shape.Length == input.Shape.Length;
        for (var i = 0; fits && i < shape.Length; i++) fits = input.Shape[i] < 0 || input.Shape[i] == shape[i];
        if (!fits)
        {
            throw new RecordException($"input '{input.Name}' has shape [{string.Join(',', shape.ToArray())}], expected [{string.Join(',', input.Shape)}] (-1 is any size)");
        }
    }

    private static Tensor Gather(TensorSpec input, Batch given)
    {
        var columns = input.Columns;
        var rows = -1;
        foreach (var name in columns)
        {
            if (!given.TryGet(name, out var column))
            {
                throw new RecordException($"column '{name}' is absent (input '{input.Name}' is made of {columns.Length} columns); given: {NamesOf(given)}");
            }
            if (column.Stride != 1 || column.Shape.Length == 0) throw new RecordException($"column '{name}' has shape [{string.Join(',', column.Shape.ToArray())}]: one value a row expected");
            if (rows >= 0 && column.Rows != rows) throw new RecordException($"column '{name}' has {column.Rows} rows, the columns before it {rows}");
            rows = column.Rows;
        }
        var matrix = Tensor.Uninitialized(input.Name, input.Type, rows, columns.Length);
        try
        {
            if (input.Type == ElementType.Float32) Gather(matrix.Values<float>(), columns, given);
            else if (input.Type == ElementType.Float64) Gather(matrix.Values<double>(), columns, given);
            else GatherBytes(matrix, columns, given);
            return matrix;
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    private static void Gather<T>(Span<T> matrix, System.Collections.Immutable.ImmutableArray<string> columns, Batch given)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var c = 0; c < columns.Length; c++)
        {
            var column = given[columns[c]];
            using var converted = Tensor.Uninitialized(column.Name, ElementTypes.Of<T>(), column.Rows);
            var values = converted.Values<T>();
            column.CopyTo(values);
            for (int r = 0, to = c; r < values.Length; r++, to += columns.Length) matrix[to] = values[r];
        }
    }

    private static void GatherBytes(Tensor matrix, System.Collections.Immutable.ImmutableArray<string> columns, Batch given)
    {
        if (matrix.Type == ElementType.Bytes)
        {
            for (var r = 0; r < matrix.Rows; r++)
            {
                foreach (var name in columns)
                {
                    var column = given[name];
                    if (column.Type != ElementType.Bytes) throw new RecordException($"column '{name}' holds {column.Type.ProtocolName}, text expected");
                    if (column.IsMissing(r)) matrix.AppendMissing();
                    else matrix.Append(column.GetBytes(r));
                }
            }
            return;
        }
        var size = matrix.Type.Size;
        for (var c = 0; c < columns.Length; c++)
        {
            using var converted = given[columns[c]].ConvertTo(matrix.Type);
            if (converted.HasMissing) throw new RecordException($"column '{columns[c]}' has a missing value, which {matrix.Type.ProtocolName} cannot hold");
            for (var r = 0; r < matrix.Rows; r++)
            {
                converted.RawData.Slice(r * size, size).CopyTo(matrix.RawData[(((r * columns.Length) + c) * size)..]);
            }
        }
    }

    private static void RefuseUnknown(Signature signature, Batch given)
    {
        foreach (var tensor in given)
        {
            var known = false;
            foreach (var input in signature.Inputs) known |= input.Name == tensor.Name || input.Columns.Contains(tensor.Name);
            if (!known) throw new RecordException($"'{tensor.Name}' is not an input; inputs: {string.Join(", ", signature.Inputs.Select(i => i.ToString()))}");
        }
    }

    private static string AbsentInput(TensorSpec input, Batch given)
    {
        var hint = input is { Shape: [_, > 0 and var width], Columns.IsEmpty: true } ? $" (a matrix of {width} columns that the model file does not name: a package's model.yaml can, under signature)" : "";
        return $"input '{input.Name}' is absent{hint}; given: {NamesOf(given)}";
    }

    private static string NamesOf(Batch batch) => batch.Count == 0 ? "nothing" : string.Join(", ", batch.Select(t => t.Name));
}
