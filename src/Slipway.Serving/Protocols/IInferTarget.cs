using Slipway.Core;

namespace Slipway.Serving;

/// <summary>Something besides a model that answers rows under its own name: an on-request use case.</summary>
public interface IInferTarget
{
    string Name { get; }

    /// <summary>Its own columns, which may differ from its model's.</summary>
    Signature Signature { get; }

    /// <summary>False while it cannot answer (it is paused, its model is not ready); then metadata says so and requests get 503.</summary>
    bool Ready { get; }

    /// <summary>Answers rows. The caller keeps <paramref name="inputs"/> and disposes the answer's outputs.</summary>
    /// <exception cref="RecordException">The rows do not fit.</exception>
    ValueTask<InferAnswer> InferAsync(Batch inputs, CancellationToken cancellation);
}

/// <param name="Version">The model version that answered.</param>
/// <param name="Parameters">Sent along with the outputs, such as the ids of kept samples; null for none.</param>
public readonly record struct InferAnswer(Batch Outputs, string Version, IReadOnlyList<KeyValuePair<string, string>>? Parameters = null);

/// <summary>The use cases that answer on request now. Their names take precedence over bare model names; a path with a version always means the model.</summary>
public interface IInferTargets
{
    /// <summary>Called for every request: reads one snapshot.</summary>
    IInferTarget? Find(ReadOnlySpan<char> name);
}
