using System.Collections.Immutable;
using System.Text;
using Slipway.Core;
using Slipway.Core.Specs;
using Slipway.Models.Parity;

namespace Slipway.Models.Packages;

/// <summary>
/// A model version as files: a folder with the model file, <c>model.yaml</c>, recorded rows and a reference sample, of which only the model file must be there;
/// or a model file alone. Opening reads and checks what the package says; <see cref="Load"/> makes the model runnable.
/// </summary>
public sealed class ModelPackage
{
    public const string ManifestName = "model.yaml";
    public const string ReferenceName = "reference.json";

    /// <summary>The folder of recorded rows.</summary>
    public const string RecordedName = "recorded";

    private const string RecordedPrefix = RecordedName + "/";
    private const long MaxManifestLength = 1 << 20;

    private static readonly SpecReader Reader = new(new ComponentCatalog());
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _root;
    private readonly ImmutableArray<(string Path, long Size)> _files;
    private readonly SpecDocument<PackageManifest>? _document;

    private ModelPackage(string root, ImmutableArray<(string Path, long Size)> files, SpecDocument<PackageManifest>? document, string artifact, IRuntime runtime)
    {
        (_root, _files, _document, Runtime) = (root, files, document, runtime);
        ArtifactPath = Path.Combine(root, artifact);
    }

    /// <summary>The model file, on this machine.</summary>
    public string ArtifactPath { get; }

    public PackageManifest Manifest => _document?.Value ?? PackageManifest.Empty;

    public IRuntime Runtime { get; }

    /// <summary>Every file, by its path in the package (forward slashes, ordinal order), with its size in bytes: what the registry stores.</summary>
    public IEnumerable<(string Path, long Size)> Files => _files;

    /// <param name="path">A package folder, or a model file.</param>
    /// <exception cref="ModelException">There is no such path, no model in it, or a file that a package cannot have.</exception>
    /// <exception cref="SpecException"><c>model.yaml</c> has mistakes; all of them are listed.</exception>
    public static ModelPackage Open(string path, RuntimeCatalog runtimes)
    {
        if (Directory.Exists(path)) return OpenFolder(path, runtimes);
        if (!File.Exists(path)) throw new ModelException($"{path}: there is no such file or folder");
        var name = Path.GetFileName(path);
        return new ModelPackage(Path.GetDirectoryName(Path.GetFullPath(path))!, [(name, new FileInfo(RealPath.Of(path)).Length)], null, name, runtimes.Detect(path));
    }

    /// <summary>What the model file says of itself, under the signature the package gives it.</summary>
    /// <exception cref="ModelException">The file cannot be understood at all.</exception>
    /// <exception cref="SpecException">The signature in <c>model.yaml</c> does not agree with the model's.</exception>
    public ModelDescription Describe()
    {
        var description = Runtime.Describe(ArtifactPath);
        if (description.Signature is not { } signature) return description;
        var refined = Refine(signature);
        return description with { Signature = refined, Splits = ColumnNames.InSplits(description.Splits, signature, refined) };
    }

    /// <summary>Reads, binds and compiles the model for its predictions.</summary>
    /// <inheritdoc cref="Load(OutputKind, int, bool)"/>
    public IModel Load() => Load(OutputKind.Prediction);

    /// <summary>Reads, binds and compiles the model.</summary>
    /// <param name="output">What it is to answer; the outputs in <c>model.yaml</c> are about predictions.</param>
    /// <param name="rounds">Of a boosted model only so many rounds, instead of what <c>model.yaml</c> says; 0 leaves it at that.</param>
    /// <param name="fastMath">Lets the runtime round in another order than the model is written in, also where <c>model.yaml</c> does not.</param>
    /// <exception cref="ModelException">The file is damaged, or uses something that the runtime does not support, or the model cannot answer what is asked for.</exception>
    /// <exception cref="SpecException">The signature in <c>model.yaml</c> does not agree with the model's.</exception>
    public IModel Load(OutputKind output, int rounds = 0, bool fastMath = false)
    {
        var given = Manifest.Options ?? new PackageOptions();
        var model = Runtime.Open(ArtifactPath, new RuntimeOptions(given.Threads, output, rounds == 0 ? given.Rounds : rounds, fastMath || given.FastMath));
        try
        {
            var refined = Refine(model.Signature, ofPredictions: output == OutputKind.Prediction);
            if (output == OutputKind.Contributions) refined = ColumnNames.InContributions(model.Signature, refined);
            return refined.Equals(model.Signature) ? model : new RefinedModel(model, refined);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Replays the recorded rows, file after file and then those that the model file itself carries, and compares every answer with the recorded one.</summary>
    /// <param name="tolerance">Instead of the manifest's.</param>
    /// <returns>Also for a package without recorded rows: <see cref="ParityReport.Nothing"/>.</returns>
    /// <exception cref="ModelException">A recorded file cannot be read.</exception>
    public ParityReport Verify(IModel model, Tolerance? tolerance = null)
    {
        var comparer = new ParityComparer(tolerance ?? Manifest.Tolerance);
        var replayed = false;
        foreach (var (path, _) in _files)
        {
            if (!path.StartsWith(RecordedPrefix, StringComparison.Ordinal)) continue;
            if (!path.EndsWith(".json", StringComparison.Ordinal)) throw new ModelException($"{Path.Combine(_root, path)}: recorded rows are files named *.json");
            var (inputs, outputs) = RecordedRows.Read(Path.Combine(_root, path));
            Replay(model, inputs, outputs, path, comparer);
            replayed = true;
        }
        foreach (var folder in TestDataSets.Find(_files.Select(f => f.Path)))
        {
            var (inputs, outputs) = TestDataSets.Read(Path.Combine(_root, folder), model.Signature);
            Replay(model, inputs, outputs, folder, comparer);
            replayed = true;
        }
        foreach (var rows in (model as IRecordedModel)?.RecordedRows() ?? [])
        {
            Replay(model, rows.Inputs, rows.Expected, "the rows in the model file", comparer, tolerance ?? rows.Tolerance);
            replayed = true;
        }
        return replayed ? comparer.Report : ParityReport.Nothing;
    }

    /// <summary>The prepared training rows that drift is measured against, one tensor <c>[rows]</c> a column; of <c>reference.json</c>, else as the model file says they were; null when neither says it. The caller disposes them.</summary>
    /// <exception cref="ModelException"><c>reference.json</c> cannot be read or is not a table.</exception>
    public Batch? Reference()
    {
        if (!Contains(_files, ReferenceName)) return Runtime.Reference(ArtifactPath);
        var path = Path.Combine(_root, ReferenceName);
        var (columns, outputs) = RecordedRows.Read(path);
        outputs.Dispose();
        try
        {
            foreach (var column in columns)
            {
                if (column.Shape.Length != 1 || column.Rows != columns[0].Rows) throw new ModelException($"{path}: {column} is not a column of {columns[0].Rows} rows: every tensor has the shape [rows]");
            }
            return columns;
        }
        catch
        {
            columns.Dispose();
            throw;
        }
    }

    public override string ToString() => $"{ArtifactPath} ({Runtime.Name})";

    private static ModelPackage OpenFolder(string folder, RuntimeCatalog runtimes)
    {
        var files = PackageFiles.List(folder);
        var document = Contains(files, ManifestName) ? ReadManifest(Path.Combine(folder, ManifestName)) : null;
        var manifest = document?.Value ?? PackageManifest.Empty;
        var problems = new List<SpecProblem>();
        if (manifest.Artifact is { } named && ArtifactFault(files, named) is { } fault) problems.Add(document!.Problem("artifact", fault));
        var runtime = manifest.Runtime is null ? null : runtimes.TryFind(manifest.Runtime);
        if (manifest.Runtime is not null && runtime is null) problems.Add(document!.Problem("runtime", $"no runtime is called '{manifest.Runtime}'; there are: {string.Join(", ", runtimes.Names)}"));
        if (problems.Count > 0) throw new SpecException(document!.File, problems);

        var artifact = manifest.Artifact ?? FindArtifact(folder, files, runtimes);
        return new ModelPackage(Path.GetFullPath(folder), files, document, artifact, runtime ?? runtimes.Detect(Path.Combine(folder, artifact)));
    }

    private static SpecDocument<PackageManifest> ReadManifest(string path)
    {
        using var content = FileContent.Read(path, MaxManifestLength);
        try
        {
            return Reader.Read<PackageManifest>(StrictUtf8.GetString(content.Span), path);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelException($"{path}: not UTF-8 text", e);
        }
    }

    private static string? ArtifactFault(ImmutableArray<(string Path, long Size)> files, string artifact) =>
        PackageFiles.PathFault(artifact)
        ?? (Contains(files, artifact) ? null : $"the package has no file '{artifact}'; it has: {Listed(files.Select(f => f.Path))}");

    /// <summary>The one file at the top of the folder that a runtime recognises.</summary>
    private static string FindArtifact(string folder, ImmutableArray<(string Path, long Size)> files, RuntimeCatalog runtimes)
    {
        var top = files.Select(f => f.Path).Where(p => !p.Contains('/') && p is not (ManifestName or ReferenceName)).ToArray();
        var models = top.Where(p => runtimes.TryDetect(Path.Combine(folder, p)) is not null).ToArray();
        return models.Length switch
        {
            1 => models[0],
            0 => throw new ModelException($"{folder}: no runtime recognises a file in this folder; understood are: {string.Join(", ", runtimes.Formats)}; the folder has: {Listed(top)}"),
            _ => throw new ModelException($"{folder}: {models.Length} files are models ({Listed(models)}); say which in {ManifestName}: artifact: {models[0]}"),
        };
    }

    private static void Replay(IModel model, Batch inputs, Batch outputs, string place, ParityComparer comparer, Tolerance? tolerance = null)
    {
        using (inputs)
        using (outputs)
        {
            if (outputs.Count == 0) throw new ModelException($"{place}: it has no outputs: nothing to compare");
            try
            {
                using var found = model.Score(inputs);
                comparer.Add(outputs, found, place, tolerance);
            }
            catch (RecordException e)
            {
                comparer.Fail($"the model refuses the recorded inputs: {e.Message}", place);
            }
        }
    }

    /// <summary>A model's own signature with what the package adds to it.</summary>
    /// <exception cref="SpecException">They do not agree.</exception>
    internal Signature Refine(Signature model, bool ofPredictions = true) =>
        _document is { Value.Signature: { } given } document
            ? new SignatureRefinement(document.Problem).Refine(model, ofPredictions ? given : given with { Outputs = [] }, Path.Combine(_root, ManifestName))
            : model;

    private static bool Contains(ImmutableArray<(string Path, long Size)> files, string path)
    {
        foreach (var file in files)
        {
            if (file.Path == path) return true;
        }
        return false;
    }

    private static string Listed(IEnumerable<string> names)
    {
        const int shown = 10;
        var all = names.ToArray();
        return all.Length == 0 ? "nothing" : string.Join(", ", all.Take(shown)) + (all.Length > shown ? $" and {all.Length - shown} more" : "");
    }
}
