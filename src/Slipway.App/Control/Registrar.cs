using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Packages;

namespace Slipway.App.Control;

/// <summary>
/// Makes a new version: the package is opened, its recorded rows are replayed, its files are stored, and only then does the registry learn of it.
/// Whatever goes wrong before that leaves nothing behind but unreferenced artifact files.
/// </summary>
public sealed class Registrar(IRegistry registry, IArtifactStore artifacts, RuntimeCatalog runtimes)
{
    /// <param name="path">A package folder or a bare model file.</param>
    /// <param name="progress">Share of the bytes stored so far, and the file at hand.</param>
    /// <exception cref="ModelException">The model cannot be opened, or its recorded rows do not come out as recorded.</exception>
    public async Task<ModelVersion> PushAsync(
        string name, string path, string? alias, string who, string? why, Action<double, string>? progress, CancellationToken cancellation)
    {
        Names.Require(name, "model");
        if (alias is not null) Names.Require(alias, "alias");
        var package = ModelPackage.Open(path, runtimes);
        using var model = package.Load();
        var parity = package.Verify(model);
        if (!parity.Passed) throw new ModelException($"{name} is not registered: {parity.Reason}");
        package.Reference()?.Dispose(); // A reference that cannot be read would stop the drift monitor later: better said now.
        var format = package.Describe().Format;

        var sources = package.Files.ToArray();
        var total = Math.Max(1, sources.Sum(f => f.Size));
        var root = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        var files = ImmutableArray.CreateBuilder<PackageFile>(sources.Length);
        long stored = 0;
        foreach (var (file, size) in sources)
        {
            progress?.Invoke((double)stored / total, file);
            await using var content = File.OpenRead(Path.Combine(root, file));
            var (sha256, length) = await artifacts.PutAsync(content, cancellation);
            files.Add(new PackageFile(file, sha256, length));
            stored += size;
        }
        return registry.Add(
            new NewVersion(name, package.Runtime.Name, format, model.Signature, files.MoveToImmutable(), package.Manifest.Lineage ?? new Lineage(), parity, who),
            alias, why);
    }
}
