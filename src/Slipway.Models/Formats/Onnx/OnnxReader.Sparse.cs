using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

internal sealed partial class OnnxReader
{
    /// <summary>A few bytes can ask for any dense tensor: this is what all of a model's sparse initializers may take together.</summary>
    private const long MaxDenseBytes = 256L << 20;

    private long _denseBytes;

    private (string Name, SparseTensor Sparse) ReadSparseTensor(ProtobufWireReader reader)
    {
        var from = reader.Offset;
        (string Name, TensorValue Tensor)? values = null, indices = null;
        Span<long> dimensions = stackalloc long[MaxRank];
        var rank = 0;
        while (reader.TryReadTag(out var field, out var wire))
        {
            switch (field, wire)
            {
                case (SparseTensorFields.Values, WireType.LengthDelimited): values = ReadTensor(Enter(ref reader, "values")); break;
                case (SparseTensorFields.Indices, WireType.LengthDelimited): indices = ReadTensor(Enter(ref reader, "indices")); break;
                case (SparseTensorFields.Dims, WireType.Varint): AddDimension(ref reader, dimensions, ref rank); break;
                case (SparseTensorFields.Dims, WireType.LengthDelimited):
                    var packed = reader.ReadMessage();
                    while (!packed.AtEnd) AddDimension(ref packed, dimensions, ref rank);
                    break;
                default: reader.Skip(wire); break;
            }
        }
        if (values is null || indices is null) throw Fault(from, "a sparse tensor lacks values or indices");
        var sparse = new SparseTensor(values.Value.Tensor, indices.Value.Tensor, Shape.Of(dimensions[..rank]));
        CheckSparse(sparse, from);
        Leave();
        return (values.Value.Name, sparse);
    }

    private void CheckSparse(SparseTensor sparse, int from)
    {
        var count = CountOf(sparse.Shape.Span, sparse.Values.Element, from);
        var (values, indices) = (sparse.Values, sparse.Indices);
        if (values.Rank != 1) throw Fault(from, $"the values of a sparse tensor are {values.Type}, a vector was expected");
        if (indices.Element != DataType.Int64) throw Fault(from, $"the indices of a sparse tensor are {indices.Type}, int64 was expected");
        var linear = indices.Rank == 1 && indices.Count == values.Count;
        if (!linear && !(indices.Rank == 2 && indices[0] == values.Count && indices[1] == sparse.Shape.Rank))
        {
            throw Fault(from, $"the indices of a sparse tensor are {indices.Type}, [{values.Count}] or [{values.Count},{sparse.Shape.Rank}] was expected");
        }
        var positions = indices.Values<long>();
        for (var i = 0; i < positions.Length; i++)
        {
            var size = linear ? count : sparse.Shape[i % sparse.Shape.Rank];
            if (positions[i] < 0 || positions[i] >= size) throw Fault(from, $"index {positions[i]} of a sparse tensor {sparse.Shape} is outside of it");
        }
    }

    private InitializerDefinition ReadSparseInitializer(ProtobufWireReader reader)
    {
        var from = reader.Offset;
        var (name, sparse) = ReadSparseTensor(reader);
        if (name.Length == 0) throw Fault(from, "a sparse initializer has no name");
        var width = sparse.Values.Element == DataType.String ? nint.Size : sparse.Values.Element.Width;
        _denseBytes += CountOf(sparse.Shape.Span, sparse.Values.Element, from) * (long)width;
        if (_denseBytes > MaxDenseBytes) throw Fault(from, $"sparse initializers take more than {MaxDenseBytes >> 20} MB as dense tensors", unsupported: true);
        return new InitializerDefinition(name, _withoutElements ? sparse.Values : Dense(sparse));
    }

    private static TensorValue Dense(SparseTensor sparse)
    {
        var dense = new TensorValue(sparse.Values.Element, sparse.Shape.Span);
        var move = new Scatter(sparse, dense);
        ElementWidths.Move(dense.Element, ref move);
        return dense;
    }

    private readonly struct Scatter(SparseTensor sparse, TensorValue dense) : IElementMove
    {
        public void Move<T>()
        {
            var from = sparse.Values.Elements<T>();
            var to = dense.Elements<T>();
            var positions = sparse.Indices.Values<long>();
            var (linear, rank) = (sparse.Indices.Rank == 1, sparse.Shape.Rank);
            for (var i = 0; i < from.Length; i++)
            {
                var position = 0L;
                if (linear) position = positions[i];
                else for (var axis = 0; axis < rank; axis++) position = position * sparse.Shape[axis] + positions[i * rank + axis];
                to[(int)position] = from[i];
            }
        }
    }
}
