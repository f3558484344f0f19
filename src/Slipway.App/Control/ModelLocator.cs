using Slipway.Core;
using Slipway.Models.Packages;

namespace Slipway.App.Control;

/// <summary>Opens a model named on the command line: a path, or a reference into the registry of a data folder.</summary>
public static class ModelLocator
{
    /// <param name="runtimes">Those that may open it.</param>
    /// <param name="output">What it is to answer.</param>
    /// <param name="rounds">Of a boosted model only so many rounds; 0: all that it means.</param>
    /// <param name="fastMath">Lets the runtime round in another order than the model is written in.</param>
    /// <exception cref="SlipwayException">It is neither a file nor in the registry, or it does not open.</exception>
    public static IModel Open(string pathOrReference, string dataFolder, RuntimeCatalog runtimes, OutputKind output = OutputKind.Prediction, int rounds = 0, bool fastMath = false)
    {
        if (File.Exists(pathOrReference) || Directory.Exists(pathOrReference)) return ModelPackage.Open(pathOrReference, runtimes).Load(output, rounds, fastMath);
        return ModelReference.TryParse(pathOrReference, null, out var reference)
            ? Open(reference, dataFolder, runtimes, output, rounds, fastMath)
            : throw new SlipwayException($"'{pathOrReference}' is neither a file nor a model in the registry (NAME, NAME@alias, NAME/version)");
    }

    /// <inheritdoc cref="Open(string, string, RuntimeCatalog, OutputKind, int, bool)"/>
    public static IModel Open(ModelReference reference, string dataFolder, RuntimeCatalog runtimes, OutputKind output = OutputKind.Prediction, int rounds = 0, bool fastMath = false)
    {
        if (!File.Exists(Path.Combine(dataFolder, "slipway.db")))
        {
            throw new NotFoundException($"model {reference} is not here: {dataFolder} is not a data folder yet. Register the model (slipway push {reference.Name} PATH), or name its file with --model");
        }
        using var data = DataFolder.Open(dataFolder, TimeProvider.System);
        return ModelPackage.Open(data.Artifacts.Materialize(data.Registry.Snapshot().Resolve(reference)), runtimes).Load(output, rounds, fastMath);
    }
}
