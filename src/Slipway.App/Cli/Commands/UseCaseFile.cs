using Slipway.App.Api;
using Slipway.App.Control;
using Slipway.Core;
using Slipway.Models;
using Slipway.Core.Specs;
using Slipway.Pipelines.Connectors;
using Slipway.Pipelines.UseCases;

namespace Slipway.App.Cli.Commands;

/// <summary>A use case file on this machine, with what can be found out about its source and its model.</summary>
public sealed class UseCaseFile
{
    private const long MaxBytes = 1 << 20;

    private UseCaseFile(string path, string yaml, SpecDocument<UseCaseSpec> document) => (Path, Yaml, Document) = (path, yaml, document);

    public string Path { get; }

    public string Yaml { get; }

    public SpecDocument<UseCaseSpec> Document { get; }

    public UseCaseSpec Spec => Document.Value;

    /// <summary>Relative paths in the file are below this folder.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!;

    /// <exception cref="SlipwayException">The file cannot be read, or has mistakes; all of them are listed.</exception>
    public static UseCaseFile Read(string path)
    {
        if (!File.Exists(path)) throw new SlipwayException($"{path}: there is no such file");
        if (new FileInfo(path).Length > MaxBytes) throw new SlipwayException($"{path}: larger than {MaxBytes} bytes: not a use case file");
        var yaml = File.ReadAllText(path);
        return new UseCaseFile(path, yaml, UseCaseSpec.Read(yaml, path));
    }

    /// <summary>The source's columns: from the source itself when it can be reached, else as the tests give them; null when neither is there, with the reason.</summary>
    public async Task<(TableSchema? Schema, string? Reason)> SourceSchemaAsync(CancellationToken cancellation)
    {
        string? reason;
        try
        {
            var context = new ConnectorContext(Spec.UseCase, Folder, TimeProvider.System, Secrets.FromMachine, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
            await using var source = Spec.Source.Open(context);
            if (await source.DiscoverAsync(cancellation) is { } schema) return (schema, null);
            reason = "the source has nothing yet to learn its columns from";
        }
        catch (SlipwayException e)
        {
            reason = e.Message;
        }
        return (UseCaseTests.SchemaOfGiven(Spec), reason);
    }

    /// <param name="folder">What relative paths in the file mean on the machine that runs it.</param>
    /// <exception cref="SlipwayException">The use case was not deployed; the message says why.</exception>
    public async Task<UseCaseView> ApplyAsync(IControlPlane plane, string folder, CancellationToken cancellation)
    {
        try
        {
            return await plane.ApplyAsync(Spec.UseCase, new ApplyRequest(Yaml, folder), cancellation);
        }
        catch (SpecException e)
        {
            throw new SpecException(Path, e.Problems);
        }
    }

    /// <param name="path">A model file or package instead of the registry's; may be null.</param>
    public PackageScorer OpenModel(string? path, string dataFolder) =>
        new(path is null ? ModelLocator.Open(Spec.Model, dataFolder, Runtimes.Default) : ModelLocator.Open(path, dataFolder, Runtimes.Default));
}
