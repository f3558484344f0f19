using System.Runtime.InteropServices;
using Slipway.Core;

namespace Slipway.Models.OnnxRuntime;

/// <summary>An open session. Inputs are handed to native code where they lie (pinned, not copied); outputs are copied into pooled tensors.</summary>
internal sealed unsafe class OnnxRuntimeModel : IModel
{
    private readonly nint[] _inputNames;
    private readonly nint[] _outputNames;
    private nint _session;

    public OnnxRuntimeModel(nint session, Signature signature)
    {
        _session = session;
        Signature = signature;
        _inputNames = [.. signature.Inputs.Select(i => Marshal.StringToCoTaskMemUTF8(i.Name))];
        _outputNames = [.. signature.Outputs.Select(o => Marshal.StringToCoTaskMemUTF8(o.Name))];
    }

    ~OnnxRuntimeModel() => Free();

    public Signature Signature { get; }

    public Batch Run(Batch inputs)
    {
        ObjectDisposedException.ThrowIf(_session == 0, this);
        InputBinding.Require(Signature, inputs);
        var count = Signature.Inputs.Length;
        var values = stackalloc nint[count];
        var results = stackalloc nint[_outputNames.Length];
        var pins = new GCHandle[count];
        var filled = new Tensor?[count];
        try
        {
            for (var i = 0; i < count; i++)
            {
                var tensor = inputs[Signature.Inputs[i].Name];
                if (tensor.HasMissing) tensor = filled[i] = WithNaN(tensor);
                values[i] = tensor.Type == ElementType.Bytes ? OrtApi.CreateStringTensor(tensor) : Wrap(tensor, out pins[i]);
            }
            fixed (nint* inputNames = _inputNames, outputNames = _outputNames)
            {
                OrtApi.Run(_session, inputNames, values, count, outputNames, _outputNames.Length, results);
            }
            return Collect(results);
        }
        finally
        {
            for (var i = 0; i < count; i++)
            {
                OrtApi.ReleaseValue(values[i]);
                if (pins[i].IsAllocated) pins[i].Free();
                filled[i]?.Dispose();
            }
            for (var i = 0; i < _outputNames.Length; i++) OrtApi.ReleaseValue(results[i]);
            GC.KeepAlive(this);
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        var session = Interlocked.Exchange(ref _session, 0);
        if (session == 0) return;
        OrtApi.ReleaseSession(session);
        foreach (var name in _inputNames) Marshal.FreeCoTaskMem(name);
        foreach (var name in _outputNames) Marshal.FreeCoTaskMem(name);
    }

    private static nint Wrap(Tensor tensor, out GCHandle pin)
    {
        pin = GCHandle.Alloc(tensor.Buffer, GCHandleType.Pinned);
        return OrtApi.WrapTensor((byte*)pin.AddrOfPinnedObject(), tensor.RawData.Length, tensor.Shape, OrtType.FromElementType(tensor.Type));
    }

    private static Tensor WithNaN(Tensor tensor)
    {
        if (tensor.Type is not (ElementType.Float32 or ElementType.Float64))
        {
            throw new RecordException($"input '{tensor.Name}' has a missing value, which {tensor.Type.ProtocolName} cannot hold; fill it before the model");
        }
        var filled = Tensor.Uninitialized(tensor.Name, tensor.Type, tensor.Shape);
        if (tensor.Type == ElementType.Float32) tensor.CopyTo(filled.Values<float>());
        else tensor.CopyTo(filled.Values<double>());
        return filled;
    }

    private Batch Collect(nint* results)
    {
        var outputs = new Batch();
        try
        {
            for (var i = 0; i < _outputNames.Length; i++)
            {
                var name = Signature.Outputs[i].Name;
                outputs.Add(OrtApi.IsTensor(results[i]) ? OrtApi.ToTensor(results[i], name) : ScoresOf(results[i], name, Signature.Outputs[i].Type));
            }
            return outputs;
        }
        catch
        {
            outputs.Dispose();
            throw;
        }
    }

    /// <summary>A sequence of label-to-score maps as a matrix [rows, labels]; every map of a classifier has the same labels in the same order.</summary>
    private static Tensor ScoresOf(nint sequence, string name, ElementType type)
    {
        var rows = OrtApi.ItemCount(sequence);
        Tensor? matrix = null;
        var size = type.Size;
        for (var r = 0; r < rows; r++)
        {
            var map = OrtApi.Item(sequence, r);
            nint values = 0;
            try
            {
                values = OrtApi.Item(map, 1);
                using var row = OrtApi.ToTensor(values, name);
                matrix ??= new Tensor(name, type, rows, row.Count);
                if (row.Count != matrix.Stride) throw new RecordException($"output '{name}': row {r} has {row.Count} scores, the rows before it {matrix.Stride}");
                row.RawData.CopyTo(matrix.RawData[(r * row.Count * size)..]);
            }
            finally
            {
                OrtApi.ReleaseValue(values);
                OrtApi.ReleaseValue(map);
            }
        }
        return matrix ?? new Tensor(name, type, 0, 0);
    }
}
