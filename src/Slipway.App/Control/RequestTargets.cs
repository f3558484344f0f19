using System.Collections.Frozen;
using Slipway.Core;
using Slipway.Pipelines.UseCases;
using Slipway.Serving;

namespace Slipway.App.Control;

/// <summary>The deployed use cases that answer on request, as the inference protocols see them. Rebuilt when something changed; read as one snapshot.</summary>
public sealed class RequestTargets(UseCaseHost host) : IInferTargets
{
    private volatile FrozenDictionary<string, IInferTarget> _targets = FrozenDictionary<string, IInferTarget>.Empty;

    public IInferTarget? Find(ReadOnlySpan<char> name) =>
        _targets.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var target) ? target : null;

    /// <summary>Looks again at what is deployed, and binds each use case to its model as it is now.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        var targets = new Dictionary<string, IInferTarget>(StringComparer.Ordinal);
        foreach (var name in host.Status().Select(s => s.Name))
        {
            if (TakesRequests(name)) targets.Add(name, new Target(host, name, await SignatureAsync(name, cancellation)));
        }
        _targets = targets.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>A file that another version of Slipway stored and this one cannot read is no target; its status says so, and the others go on.</summary>
    private bool TakesRequests(string name)
    {
        try
        {
            return host.TakesRequests(name);
        }
        catch (SlipwayException)
        {
            return false;
        }
    }

    /// <summary>Null while it cannot be bound: its model is not there.</summary>
    private async Task<Signature?> SignatureAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var bound = await host.BindAsync(name, cancellation);
            return new Signature(
                [.. bound.Source.Columns.Select(c => new TensorSpec(c.Name, c.Type, [-1], Optional: true))],
                [.. bound.Outputs.Schema.Columns.Select(c => new TensorSpec(c.Name, c.Type, [-1]))]);
        }
        catch (SlipwayException)
        {
            return null; // Its status says why; requests get 503 until it can be bound.
        }
    }

    private sealed class Target(UseCaseHost host, string name, Signature? signature) : IInferTarget
    {
        public string Name => name;

        public Signature Signature { get; } = signature ?? new Signature([], []);

        public bool Ready => signature is not null && host.Status(name).State is UseCaseState.Idle or UseCaseState.Running;

        public async ValueTask<InferAnswer> InferAsync(Batch inputs, CancellationToken cancellation)
        {
            var answer = await host.RequestAsync(name, inputs, null, cancellation);
            KeyValuePair<string, string>[]? parameters = answer.Samples.Any(id => id is not null) ? [new("sample_ids", string.Join(',', answer.Samples))] : null;
            return new InferAnswer(answer.Outputs, answer.Version.ToString(), parameters);
        }
    }
}
