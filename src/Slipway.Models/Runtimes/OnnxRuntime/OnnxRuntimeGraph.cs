using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Models.Graph;

namespace Slipway.Models.OnnxRuntime;

/// <summary>A session that takes and gives values of graphs, of every type, to compare engines by. Inputs and outputs are copied.</summary>
internal sealed unsafe class OnnxRuntimeGraph : IDisposable
{
    private nint _session;

    private OnnxRuntimeGraph(nint session)
    {
        _session = session;
        InputNames = [.. Enumerable.Range(0, OrtApi.InputCount(session)).Select(i => OrtApi.InputName(session, i))];
        OutputNames = [.. Enumerable.Range(0, OrtApi.OutputCount(session)).Select(i => OrtApi.OutputName(session, i))];
    }

    /// <exception cref="ModelException">The runtime refuses the file, or is not on this machine.</exception>
    public static OnnxRuntimeGraph Open(string path, int threads = 1) => new(OrtApi.CreateSession(path, threads));

    /// <summary>In order, without the inputs that have a default.</summary>
    public ImmutableArray<string> InputNames { get; }

    public ImmutableArray<string> OutputNames { get; }

    /// <exception cref="RecordException">The inputs do not suit the graph.</exception>
    public Value[] Run(IReadOnlyDictionary<string, Value> inputs)
    {
        ObjectDisposedException.ThrowIf(_session == 0, this);
        // the library itself runs without them, as far as it comes
        if (InputNames.FirstOrDefault(name => !inputs.ContainsKey(name)) is { } absent) throw new RecordException($"input '{absent}' is not given");
        var names = InputNames.ToArray();
        var inputNames = Array.ConvertAll(names, Marshal.StringToCoTaskMemUTF8);
        nint[] outputNames = [.. OutputNames.Select(Marshal.StringToCoTaskMemUTF8)];
        var values = new nint[names.Length];
        var results = new nint[outputNames.Length];
        try
        {
            for (var i = 0; i < names.Length; i++) values[i] = OrtApi.ToNative(inputs[names[i]]);
            fixed (nint* inputName = inputNames, outputName = outputNames, value = values, result = results)
            {
                OrtApi.Run(_session, inputName, value, names.Length, outputName, results.Length, result);
            }
            return Array.ConvertAll(results, OrtApi.ToValue);
        }
        finally
        {
            foreach (var value in values) OrtApi.ReleaseValue(value);
            foreach (var result in results) OrtApi.ReleaseValue(result);
            foreach (var name in inputNames) Marshal.FreeCoTaskMem(name);
            foreach (var name in outputNames) Marshal.FreeCoTaskMem(name);
        }
    }

    public void Dispose() => OrtApi.ReleaseSession(Interlocked.Exchange(ref _session, 0));
}
