using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Models.Formats.Onnx;

/// <summary>Reads the files of test data that lie beside ONNX models (<c>test_data_set_0/input_0.pb</c>): a TensorProto, SequenceProto or OptionalProto.</summary>
internal static class OnnxValues
{
    /// <inheritdoc cref="Read(ReadOnlyMemory{byte}, string, GraphType?)"/>
    public static Value Read(string path, GraphType? type) => Read(OnnxReader.Load(path), Path.GetFileName(path), type);

    /// <param name="source">The file, for messages.</param>
    /// <param name="type">What the graph says of the value, which tells the kinds of messages apart; a tensor when it is not known.</param>
    /// <exception cref="ModelException">The message is damaged or of another kind.</exception>
    public static Value Read(ReadOnlyMemory<byte> file, string source, GraphType? type) => OnnxReader.ReadValue(file, source, type);
}
