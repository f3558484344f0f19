using System.Collections.Concurrent;
using Slipway.Core;
using Slipway.Serving;

namespace Slipway.Tests.Serving;

/// <summary>
/// Makes models from a line of text in the package: <c>scale 3</c> (y = 3 × the sum of a row of two), <c>echo</c> (every input comes back, as <c>out-NAME</c>),
/// <c>corrupt REASON</c> (does not load), <c>broken REASON</c> (loading fails for a reason that may pass).
/// </summary>
internal sealed class ScriptedLoader(IArtifactStore artifacts) : IVersionLoader
{
    public const string FileName = "model.txt";

    private readonly ConcurrentDictionary<string, ManualResetEventSlim> _held = new();

    public ConcurrentBag<ScriptedModel> Loaded { get; } = [];

    /// <summary>Set: scripts that begin with <c>broken</c> load as <c>scale 1</c>.</summary>
    public bool Repaired { get; set; }

    /// <summary>Makes loading this script wait until the result is set.</summary>
    public ManualResetEventSlim Hold(string script) => _held.GetOrAdd(script, _ => new ManualResetEventSlim());

    public IModel Load(ModelVersion version, CancellationToken cancellation)
    {
        var script = File.ReadAllText(Path.Combine(artifacts.Materialize(version), FileName));
        if (_held.TryGetValue(script, out var held)) held.Wait(cancellation);
        var words = script.Split(' ', 3);
        if (words[0] == "corrupt") throw new ModelException(script[8..]);
        if (words[0] == "broken" && !Repaired) throw new IOException(script[7..]);
        var model = new ScriptedModel(SignatureOf(script), words[0] == "echo" ? null : words[0] == "broken" ? 1 : float.Parse(words[1]));
        Loaded.Add(model);
        return model;
    }

    public static Signature SignatureOf(string script) => script.StartsWith("echo", StringComparison.Ordinal)
        ? new Signature([.. EchoTypes.Select(t => new TensorSpec(t.ProtocolName, t, [-1], Optional: true))], [.. EchoTypes.Select(t => new TensorSpec("out-" + t.ProtocolName, t, [-1]))])
        : new Signature([new TensorSpec("x", ElementType.Float32, [-1, 2], Columns: ["a", "b"])], [new TensorSpec("y", ElementType.Float32, [-1]), new TensorSpec("rows", ElementType.Int64, [1])]);

    private static readonly ElementType[] EchoTypes = Enum.GetValues<ElementType>();
}

internal sealed class ScriptedModel(Signature signature, float? scale) : IModel
{
    private int _running;

    public Signature Signature => signature;

    public bool Disposed { get; private set; }

    public Batch Run(Batch inputs)
    {
        Interlocked.Increment(ref _running);
        try
        {
            ObjectDisposedException.ThrowIf(Disposed, this);
            return scale is { } factor ? Scale(inputs[0], factor) : Echo(inputs);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    public void Dispose()
    {
        if (Volatile.Read(ref _running) != 0 || Disposed) throw new InvalidOperationException("disposed while running, or twice");
        Disposed = true;
    }

    private static Batch Scale(Tensor input, float factor)
    {
        var x = input.Values<float>();
        var y = new Tensor("y", ElementType.Float32, input.Rows);
        for (var row = 0; row < input.Rows; row++) y.Values<float>()[row] = factor * (x[2 * row] + x[(2 * row) + 1]);
        return new Batch(y, Tensor.Of<long>("rows", [input.Rows]));
    }

    private static Batch Echo(Batch inputs)
    {
        var outputs = new Batch();
        foreach (var input in inputs)
        {
            var copy = new Batch(input.Copy());
            copy.Rename(input.Name, "out-" + input.Name);
            outputs.Add(copy.Remove("out-" + input.Name));
        }
        return outputs;
    }
}
