using Slipway.Core;
using Slipway.Models;

namespace Slipway.App.Control;

/// <summary>Scores on one opened model, whatever it is referred to as: for checks, tests and files without a server.</summary>
public sealed class PackageScorer(IModel model, int version = 0) : IScorer, IDisposable
{
    public Signature SignatureOf(ModelReference reference) => model.Signature;

    public ValueTask<Scored> InferAsync(ModelReference reference, Batch inputs, bool allowExtra, CancellationToken cancellation)
    {
        var bound = InputBinding.Bind(model.Signature, inputs, allowExtra);
        try
        {
            return ValueTask.FromResult(new Scored(model.Run(bound), reference.Name, version));
        }
        finally
        {
            if (!ReferenceEquals(bound, inputs)) bound.Dispose();
        }
    }

    public void Dispose() => model.Dispose();
}
