using Slipway.Core;
using Slipway.Models.Packages;

namespace Slipway.Serving;

/// <summary>
/// Loads a version from the artifact store: checks its files against their digests, opens the package, replays its recorded rows, and runs a row of zeros
/// until the code is warm.
/// </summary>
public sealed class PackageLoader(IArtifactStore artifacts, RuntimeCatalog runtimes) : IVersionLoader
{
    private const int WarmRuns = 5;

    /// <inheritdoc/>
    public IModel Load(ModelVersion version, CancellationToken cancellation)
    {
        var package = ModelPackage.Open(artifacts.Materialize(version), runtimes);
        cancellation.ThrowIfCancellationRequested();
        var model = package.Load();
        try
        {
            cancellation.ThrowIfCancellationRequested();
            var parity = package.Verify(model);
            if (!parity.Passed) throw new ModelException($"{version}: its recorded rows do not replay on this machine: {parity.Reason}");
            Warm(model);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void Warm(IModel model)
    {
        using var row = ZeroRow(model.Signature);
        for (var i = 0; i < WarmRuns; i++)
        {
            try
            {
                model.Run(row).Dispose();
            }
            catch (RecordException)
            {
                return; // Not every model takes zeros; that says nothing about the model.
            }
        }
    }

    private static Batch ZeroRow(Signature signature)
    {
        var row = new Batch();
        foreach (var input in signature.Inputs)
        {
            var shape = new long[input.Shape.Length];
            for (var i = 0; i < shape.Length; i++) shape[i] = input.Shape[i] < 0 ? 1 : input.Shape[i];
            var tensor = new Tensor(input.Name, input.Type, shape);
            for (var i = 0; input.Type == ElementType.Bytes && i < tensor.Count; i++) tensor.Append(input.AllowedValues.IsEmpty ? "" : input.AllowedValues[0]);
            row.Add(tensor);
        }
        return row;
    }
}
