using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Models.OnnxRuntime;

/// <summary>Values of graphs to native ones and back: tensors of every element type, sequences, maps and optional values.</summary>
internal static unsafe partial class OrtApi
{
    /// <summary>A native copy of a value; the caller releases it.</summary>
    /// <exception cref="RecordException">The native interface cannot be given such a value.</exception>
    public static nint ToNative(Value value) => value switch
    {
        TensorValue tensor => ToNative(tensor),
        SequenceValue { Items.Count: 0 } => throw new RecordException("onnxruntime cannot be given a sequence without items"),
        SequenceValue sequence => Compose(OrtType.SequenceKind, [.. sequence.Items]),
        MapValue map => Compose(OrtType.MapKind, [map.Keys, map.Values]),
        // a value that may be absent is the value itself when it is there
        OptionalValue { Content: { } content } => ToNative(content),
        _ => throw new RecordException("onnxruntime cannot be given an optional value without a content"),
    };

    /// <summary>A copy of a native value.</summary>
    /// <exception cref="RecordException">It is of a kind that graphs do not have.</exception>
    public static Value ToValue(nint value)
    {
        int hasValue;
        Check(((delegate* unmanaged<nint, int*, nint>)At(Entry.HasValue))(value, &hasValue));
        if (hasValue == 0) return new OptionalValue(new TensorType(DataType.Undefined), null);
        int kind;
        Check(((delegate* unmanaged<nint, int*, nint>)At(Entry.GetValueType))(value, &kind));
        switch (kind)
        {
            case OrtType.TensorKind: return ToTensorValue(value);
            case OrtType.SequenceKind:
                var items = new Value[ItemCount(value)];
                for (var i = 0; i < items.Length; i++) items[i] = ItemOf(value, i);
                return new SequenceValue(items.Length > 0 ? items[0].Type : new TensorType(DataType.Undefined), items);
            case OrtType.MapKind: return new MapValue(ItemOf(value, 0).AsTensor, ItemOf(value, 1).AsTensor);
            default: throw new RecordException($"onnxruntime: a value of kind {kind} is none that graphs have here");
        }
    }

    private static Value ItemOf(nint value, int index)
    {
        var item = Item(value, index);
        try
        {
            return ToValue(item);
        }
        finally
        {
            ReleaseValue(item);
        }
    }

    private static nint Compose(int kind, ReadOnlySpan<Value> parts)
    {
        var natives = new nint[parts.Length];
        try
        {
            for (var i = 0; i < natives.Length; i++) natives[i] = ToNative(parts[i]);
            nint value;
            fixed (nint* first = natives)
            {
                Check(((delegate* unmanaged<nint*, nint, int, nint*, nint>)At(Entry.CreateValue))(first, natives.Length, kind, &value));
            }
            return value;
        }
        finally
        {
            foreach (var native in natives) ReleaseValue(native);
        }
    }

    private static nint ToNative(TensorValue tensor)
    {
        nint value;
        fixed (long* dimensions = tensor.Shape)
        {
            Check(((delegate* unmanaged<nint, long*, nint, int, nint*, nint>)At(Entry.CreateTensorAsOrtValue))(Allocator.Value, dimensions, tensor.Rank, (int)tensor.Element, &value));
        }
        try
        {
            if (tensor.Element == DataType.String)
            {
                for (var i = 0; i < tensor.Count; i++) SetText(value, i, Encoding.UTF8.GetBytes(tensor.Strings[i]));
                return value;
            }
            ReadOnlySpan<byte> bytes = PackedElements.PerByte(tensor.Element) > 1 ? PackedElements.Pack(tensor.Element, tensor.Bytes) : tensor.Bytes;
            if (bytes.Length > 0) bytes.CopyTo(new Span<byte>(DataOf(value), bytes.Length));
            return value;
        }
        catch
        {
            ReleaseValue(value);
            throw;
        }
    }

    private static TensorValue ToTensorValue(nint value)
    {
        var (number, shape) = TensorInfoOf(value);
        var element = OrtType.ToDataType(number);
        if (element == DataType.Undefined) throw new RecordException($"onnxruntime: element type {number} has no tensor here");
        var tensor = new TensorValue(element, shape);
        if (element == DataType.String)
        {
            var (content, ends) = Texts(value, tensor.Count);
            for (var i = 0; i < tensor.Count; i++) tensor.Strings[i] = Encoding.UTF8.GetString(content[(i == 0 ? 0 : ends[i - 1])..ends[i]]);
            return tensor;
        }
        if (tensor.Count == 0) return tensor;
        var perByte = PackedElements.PerByte(element);
        if (perByte == 1) new ReadOnlySpan<byte>(DataOf(value), tensor.Bytes.Length).CopyTo(tensor.Bytes);
        else PackedElements.Unpack(element, new ReadOnlySpan<byte>(DataOf(value), (tensor.Count + perByte - 1) / perByte), tensor.Bytes);
        return tensor;
    }

    private static byte* DataOf(nint value)
    {
        byte* data;
        Check(((delegate* unmanaged<nint, byte**, nint>)At(Entry.GetTensorMutableData))(value, &data));
        return data;
    }
}
