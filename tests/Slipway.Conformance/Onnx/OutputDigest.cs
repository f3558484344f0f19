using System.Security.Cryptography;
using System.Text;
using Slipway.Models.Graph;

namespace Slipway.Conformance.Onnx;

/// <summary>A short name for the bits of a case's outputs: machines that give the same bits give the same name.</summary>
internal sealed class OutputDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Append(ReadOnlySpan<Value> outputs)
    {
        foreach (var output in outputs) Append(output);
    }

    public void Dispose() => _hash.Dispose();

    /// <summary>Sixteen hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash().AsSpan(0, 8));

    private void Append(Value value)
    {
        Append(value.Type.ToString()!);
        switch (value)
        {
            case TensorValue { Element: DataType.String } texts:
                foreach (var text in texts.Strings) Append(text);
                break;
            case TensorValue tensor: _hash.AppendData(tensor.Bytes); break;
            case MapValue map: Append([map.Keys, map.Values]); break;
            case SequenceValue sequence: Append([.. sequence.Items]); break;
            case OptionalValue { Content: { } content }: Append(content); break;
        }
    }

    private void Append(string text)
    {
        _hash.AppendData(BitConverter.GetBytes(text.Length));
        _hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
