using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core;

namespace Slipway.Data.Numpy;

/// <summary>The rows of one array that is being written.</summary>
/// <param name="first">Of the tensors to come: all have its name, type and dimensions, but for the rows.</param>
/// <param name="missing">What a text without a value is.</param>
internal sealed class NumpyColumn(Tensor first, string missing) : IDisposable
{
    private readonly long[] _shape = first.Shape.ToArray();
    private readonly FileStream _elements = new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
    private long _rows;
    private int _longest = 1;

    public string Name { get; } = first.Name;

    private ElementType Type { get; } = first.Type;

    /// <returns>False where the tensor is of another kind than the first one.</returns>
    /// <exception cref="RecordException">An element is missing, and the type has no word for it.</exception>
    public bool Append(Tensor tensor)
    {
        if (tensor.Name != Name || tensor.Type != Type || tensor.Shape.Length != _shape.Length || (_shape.Length == 0 && _rows > 0)) return false;
        if (_shape.Length > 0 && !tensor.Shape[1..].SequenceEqual(_shape.AsSpan(1))) return false;
        _rows += tensor.Rows;
        if (Type == ElementType.Bytes) AppendTexts(tensor);
        else if (Type == ElementType.BFloat16 || (tensor.HasMissing && Type.IsFloat)) AppendConverted(tensor);
        else if (tensor.HasMissing) throw new RecordException($"'{Name}' has a missing value, which an array of {Type.ProtocolName} cannot hold: write .csv or .jsonl");
        else _elements.Write(tensor.RawData);
        return true;
    }

    public void WriteTo(Stream entry)
    {
        if (_shape.Length > 0) _shape[0] = _rows;
        _elements.Position = 0;
        if (Type != ElementType.Bytes)
        {
            entry.Write(NumpyHeader.Write(NumpyElements.KindOf(Type), Type == ElementType.BFloat16 ? sizeof(float) : Type.Size, _shape));
            _elements.CopyTo(entry);
            return;
        }
        entry.Write(NumpyHeader.Write('U', _longest, _shape));
        var (length, element) = (new byte[sizeof(int)], new byte[_longest * sizeof(int)]);
        while (_elements.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length)
        {
            element.AsSpan().Clear();
            _elements.ReadExactly(element.AsSpan(0, BinaryPrimitives.ReadInt32LittleEndian(length)));
            entry.Write(element);
        }
    }

    public void Dispose() => _elements.Dispose();

    public override string ToString() => $"{Name} {Type.ProtocolName}[{string.Join(',', _shape)}]";

    /// <summary>Missing numbers become NaN.</summary>
    private void AppendConverted(Tensor tensor)
    {
        using var numbers = Tensor.Uninitialized(Name, Type == ElementType.Float64 ? Type : ElementType.Float32, tensor.Shape);
        if (Type == ElementType.Float64) tensor.CopyTo(numbers.Values<double>());
        else tensor.CopyTo(numbers.Values<float>());
        using var halves = Type == ElementType.Float16 ? numbers.ConvertTo(Type) : null;
        _elements.Write((halves ?? numbers).RawData);
    }

    /// <summary>Texts lie with their lengths before them until the longest is known.</summary>
    private void AppendTexts(Tensor tensor)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        for (var i = 0; i < tensor.Count; i++)
        {
            var text = Encoding.UTF32.GetBytes(tensor.GetText(i) ?? missing);
            _longest = Math.Max(_longest, text.Length / sizeof(int));
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            _elements.Write(length);
            _elements.Write(text);
        }
    }
}
