using System.IO.Compression;
using System.Text;
using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

/// <summary>Reads the arrays of NumPy: .npy files (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html) and .npz, which is a zip of them.</summary>
internal static class NumpyArchive
{
    /// <summary>What all arrays of an archive may take together: a zip can pack zeros a thousandfold.</summary>
    private const long MaxBytes = 1L << 30;

    /// <summary>The arrays by name.</summary>
    /// <exception cref="ModelException">The archive cannot be read, is damaged, or has arrays that are no tensors.</exception>
    public static IReadOnlyDictionary<string, TensorValue> Read(string path)
    {
        var source = Path.GetFileName(path);
        try
        {
            using var archive = ZipFile.OpenRead(path);
            var arrays = new Dictionary<string, TensorValue>(StringComparer.Ordinal);
            var left = MaxBytes;
            foreach (var entry in archive.Entries)
            {
                var name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
                if ((left -= entry.Length) < 0) throw new ModelException($"{source}: its arrays take more than {MaxBytes} bytes");
                var bytes = new byte[entry.Length];
                using var stream = entry.Open();
                stream.ReadExactly(bytes);
                arrays[name] = ReadArray(bytes, $"{source}: {entry.FullName}");
            }
            return arrays;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new ModelException($"{source} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>One array, a whole .npy file.</summary>
    /// <exception cref="ModelException">It is damaged or no tensor.</exception>
    public static TensorValue ReadArray(ReadOnlySpan<byte> file, string source)
    {
        var header = HeaderOf(file, source);
        var shape = header.Shape.AsSpan();
        var isText = header.Kind is 'U' or 'S';
        var element = isText ? DataType.String : ElementOf($"{header.Kind}{header.Size}") ?? throw new ModelException($"{source}: elements of type {header.Kind}{header.Size} are not read");
        var count = Shape.CountOf(shape);
        var data = file[header.Length..];
        if (count * header.Width != data.Length) throw new ModelException($"{source}: {data.Length} bytes of elements, {Shape.TextOf(shape)} of {header.Width} bytes each were expected");
        // strings of no characters take no bytes
        if (isText && header.Width == 0 && count > file.Length) throw new ModelException($"{source}: {count} empty texts are not read");

        var isReversed = header.IsFortran && shape.Length > 1;
        var tensor = new TensorValue(element, isReversed ? [.. header.Shape.Reverse()] : shape);
        if (!isText) data.CopyTo(tensor.Bytes);
        else
        {
            for (var i = 0; i < tensor.Count; i++) tensor.Strings[i] = TextOf(data.Slice(i * header.Width, header.Width), header.Kind);
        }
        return isReversed ? Transposed(tensor) : tensor;
    }

    private static string TextOf(ReadOnlySpan<byte> bytes, char kind) => (kind == 'U' ? Encoding.UTF32 : Encoding.Latin1).GetString(bytes).TrimEnd('\0');

    private static NumpyHeader HeaderOf(ReadOnlySpan<byte> file, string source)
    {
        try
        {
            return NumpyHeader.Parse(file);
        }
        catch (SlipwayException e)
        {
            throw new ModelException($"{source}: {e.Message}", e);
        }
    }

    private static DataType? ElementOf(string type) => type switch
    {
        "b1" => DataType.Bool,
        "i1" => DataType.Int8,
        "i2" => DataType.Int16,
        "i4" => DataType.Int32,
        "i8" => DataType.Int64,
        "u1" => DataType.UInt8,
        "u2" => DataType.UInt16,
        "u4" => DataType.UInt32,
        "u8" => DataType.UInt64,
        "f2" => DataType.Float16,
        "f4" => DataType.Float32,
        "f8" => DataType.Float64,
        "c8" => DataType.Complex64,
        "c16" => DataType.Complex128,
        _ => null,
    };

    /// <summary>Reverses the axes: arrays in the order of Fortran lie in memory as their transposes.</summary>
    private static TensorValue Transposed(TensorValue tensor)
    {
        var transposed = new TensorValue(tensor.Element, [.. Enumerable.Reverse(tensor.Shape.ToArray())]);
        var move = new Transposition(tensor, transposed);
        ElementWidths.Move(tensor.Element, ref move);
        return transposed;
    }

    private readonly struct Transposition(TensorValue from, TensorValue to) : IElementMove
    {
        public void Move<T>()
        {
            var source = from.Elements<T>();
            var target = to.Elements<T>();
            Span<long> index = stackalloc long[from.Rank];
            index.Clear();
            for (var i = 0; i < source.Length; i++)
            {
                var at = 0L;
                for (var axis = index.Length - 1; axis >= 0; axis--) at = at * from[axis] + index[axis];
                target[(int)at] = source[i];
                for (var axis = index.Length - 1; axis >= 0 && ++index[axis] == from[axis]; axis--) index[axis] = 0;
            }
        }
    }
}
