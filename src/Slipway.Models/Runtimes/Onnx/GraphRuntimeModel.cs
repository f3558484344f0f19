using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;

namespace Slipway.Models.Onnx;

/// <summary>A compiled graph behind the contract of all models: inputs are read where they lie, outputs are copied into pooled tensors.</summary>
internal sealed class GraphRuntimeModel(GraphModel model, Signature signature) : IModel
{
    private GraphModel? _model = model;
    private readonly DataType[] _inputTypes = [.. model.Inputs.Select(i => ((TensorType)i.Type!).Element)];

    public Signature Signature { get; } = signature;

    public Batch Run(Batch inputs)
    {
        var model = _model;
        ObjectDisposedException.ThrowIf(model is null, this);
        InputBinding.Require(Signature, inputs);
        var values = new Value[_inputTypes.Length];
        for (var i = 0; i < values.Length; i++) values[i] = Read(inputs[Signature.Inputs[i].Name], _inputTypes[i]);
        using var run = model.Run(values);
        var outputs = new Batch();
        try
        {
            for (var i = 0; i < Signature.Outputs.Length; i++) outputs.Add(Write(run.Output(i), Signature.Outputs[i]));
            return outputs;
        }
        catch
        {
            outputs.Dispose();
            throw;
        }
    }

    /// <summary>Lets the weights go; calls that are running end as they would.</summary>
    public void Dispose() => _model = null;

    private static TensorValue Read(Tensor tensor, DataType element)
    {
        if (element == DataType.String)
        {
            var texts = new TensorValue(DataType.String, tensor.Shape);
            for (var i = 0; i < tensor.Count; i++) texts.Strings[i] = Encoding.UTF8.GetString(tensor.GetBytes(i));
            return texts;
        }
        if (!tensor.HasMissing) return TensorValue.Over(element, tensor.Buffer, tensor.Shape);
        if (element is not (DataType.Float32 or DataType.Float64)) throw new RecordException($"input '{tensor.Name}' has a missing value, which {tensor.Type.ProtocolName} cannot hold; fill it before the model");
        var filled = new TensorValue(element, tensor.Shape);
        if (element == DataType.Float32) tensor.CopyTo(filled.Values<float>());
        else tensor.CopyTo(filled.Values<double>());
        return filled;
    }

    private static Tensor Write(Value value, TensorSpec spec)
    {
        if (value is SequenceValue scores) return WriteScores(scores, spec);
        var tensor = value.AsTensor;
        if (TensorElementTypes.Of((long)tensor.Element) is not { } element) throw new RecordException($"output '{spec.Name}' is {tensor.Type}, which cannot be answered");
        var written = Tensor.Uninitialized(spec.Name, element, tensor.Shape);
        if (tensor.Element != DataType.String)
        {
            tensor.Bytes.CopyTo(written.RawData);
            return written;
        }
        foreach (var text in tensor.Strings) written.Append(text);
        return written;
    }

    /// <summary>A sequence of label-to-score maps as a matrix [rows, labels]; every map of a classifier has the same labels in the same order.</summary>
    private static Tensor WriteScores(SequenceValue rows, TensorSpec spec)
    {
        var labels = rows.Items.Count == 0 ? 0 : ((MapValue)rows.Items[0]).Values.Count;
        var matrix = Tensor.Uninitialized(spec.Name, spec.Type, rows.Items.Count, labels);
        for (var r = 0; r < rows.Items.Count; r++)
        {
            var row = ((MapValue)rows.Items[r]).Values;
            if (row.Count != labels) throw new RecordException(r, $"output '{spec.Name}' has {row.Count} scores, the rows before it {labels}");
            row.Bytes.CopyTo(matrix.RawData[(r * row.Bytes.Length)..]);
        }
        return matrix;
    }
}
