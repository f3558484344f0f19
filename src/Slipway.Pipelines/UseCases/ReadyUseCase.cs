using Slipway.Core;
using Slipway.Pipelines.Connectors;

namespace Slipway.Pipelines.UseCases;

/// <summary>A compiled use case with its source, as long as someone uses it: when it is replaced, the sinks close after the last user has left.</summary>
internal sealed class ReadyUseCase(CompiledUseCase compiled, ISource source)
{
    private int _uses = 1;

    public CompiledUseCase Compiled => compiled;

    public ISource Source => source;

    public bool Fits(Signature signature) => ReferenceEquals(signature, compiled.Bound.Signature) || signature.Equals(compiled.Bound.Signature);

    /// <summary>False when it is already gone.</summary>
    public bool TryUse()
    {
        while (true)
        {
            var uses = Volatile.Read(ref _uses);
            if (uses == 0) return false;
            if (Interlocked.CompareExchange(ref _uses, uses + 1, uses) == uses) return true;
        }
    }

    public async ValueTask ReleaseAsync()
    {
        if (Interlocked.Decrement(ref _uses) > 0) return;
        await compiled.DisposeAsync();
        await source.DisposeAsync();
    }
}
