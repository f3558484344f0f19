using Slipway.Core;

namespace Slipway.Models.Formats.ScikitLearn;

/// <summary>Arrays in joblib's files (0.10 and later): a wrapper that tells type and shape, and behind the opcode that completes it the bytes themselves, or a pickle of the objects.</summary>
internal static class JoblibArray
{
    public static bool IsWrapper(ObjectDatum target) =>
        target.Class is { } type && type.Module.EndsWith("joblib.numpy_pickle", StringComparison.Ordinal) && type.Name is "NumpyArrayWrapper" or "NDArrayWrapper" or "ZNDArrayWrapper";

    /// <param name="wrapper">With its state.</param>
    /// <param name="cursor">Stands behind the wrapper; afterwards behind the array.</param>
    /// <param name="readInner">Reads the pickle that follows.</param>
    /// <exception cref="ModelException">The array is damaged, or kept in a file of its own.</exception>
    public static Datum Read(ObjectDatum wrapper, PickleCursor cursor, Func<Datum> readInner)
    {
        if (wrapper.Class!.Name != "NumpyArrayWrapper" || wrapper.State is not MapDatum state)
        {
            throw new ModelException($"byte {cursor.Position}: joblib before 0.10 kept arrays in files of their own: load the model with Python and dump it again") { IsUnsupported = true };
        }
        try
        {
            var type = DataType.Of(state.Find("dtype"u8));
            if (type.Kind == 'O') return readInner();
            if (state.Find("numpy_array_alignment_bytes"u8) is IntegerDatum) cursor.Bytes(cursor.Byte());
            var shape = state.Find("shape"u8) as ListDatum ?? throw new ModelException("a wrapper without the shape of its array");
            var length = (ulong)type.Size;
            foreach (var dimension in shape.Items)
            {
                if (dimension is not IntegerDatum { Value: >= 0 and var size } || (size > 0 && length > (ulong)cursor.Length / (ulong)size)) throw new ModelException($"an array of [{string.Join(", ", shape.Items.Take(8).Select(s => s.Kind))}] with {cursor.Length - cursor.Position} bytes left");
                length *= (ulong)size;
            }
            return new NumpyArray(type, shape, state.Find("order"u8) is TextDatum { Value: "F" }, new BytesDatum(cursor.Bytes(length)));
        }
        catch (ModelException e) when (!e.Message.StartsWith("byte ", StringComparison.Ordinal))
        {
            throw new ModelException($"byte {cursor.Position}: {e.Message}", e);
        }
    }
}
