using System.Collections.Immutable;
using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Formats.Pmml.Statistics;
using Slipway.Models.Rows;

namespace Slipway.Models.Formats.Pmml;

/// <summary>Runs PMML 2.0–4.4.1 models, as XML or as JSON, in managed code, compiled to row programs.</summary>
public sealed class PmmlRuntime : IRuntime
{
    public string Name => "pmml";

    public bool CanOpen(string fileName, ReadOnlySpan<byte> head) => DocumentReader.IsPmml(fileName, head);

    public ModelDescription Describe(string path)
    {
        var document = new PmmlDocument();
        var size = new KeyValuePair<string, string>("size", $"{new FileInfo(path).Length.ToString(CultureInfo.InvariantCulture)} bytes");
        try
        {
            Naming(path, () => Read(path, document));
            var program = document.Bind().Compile();
            using var model = new RowProgramModel(program);
            return new ModelDescription(Name, Name, model.Signature, [.. PmmlFacts.Of(document), size, .. PmmlFacts.Of(program)], []);
        }
        catch (ModelException e) when (e.IsUnsupported)
        {
            return new ModelDescription(Name, Name, null, [.. PmmlFacts.Of(document), size], [e.Message]);
        }
    }

    public Batch? Reference(string path) => TrainingDistribution.Rows(Read(path).Model.Header.Statistics);

    public IModel Open(string path, RuntimeOptions options)
    {
        options.RequireWholePredictions(Path.GetFileName(path), Name);
        options.RequireExactMath(Path.GetFileName(path), Name);
        return Open(path);
    }

    /// <inheritdoc cref="IRuntime.Open"/>
    public static RowProgramModel Open(string path)
    {
        var document = Read(path);
        return Naming(path, () => Compile(document));
    }

    /// <summary>Reads, binds and compiles a model.</summary>
    /// <param name="stream">The document; closed by this.</param>
    /// <exception cref="ModelException">It is damaged, or uses something unsupported.</exception>
    public static RowProgramModel Open(Stream stream)
    {
        using var reader = DocumentReader.Open(stream);
        return Compile(PmmlDocument.Read(reader));
    }

    private static RowProgramModel Compile(PmmlDocument document)
    {
        var verification = document.Model.Header.Verification;
        return new RowProgramModel(document.Bind().Compile(), verification is null ? null : program => VerificationRows.Make(verification, program));
    }

    private static PmmlDocument Read(string path) => Naming(path, () => Read(path, new PmmlDocument()));

    private static PmmlDocument Read(string path, PmmlDocument document)
    {
        using var reader = DocumentReader.Open(File.OpenRead(path));
        document.ReadAll(reader);
        return document;
    }

    private static T Naming<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ModelException e)
        {
            throw new ModelException($"{Path.GetFileName(path)}: {e.Message}", e) { IsUnsupported = e.IsUnsupported };
        }
        catch (IOException e)
        {
            throw new ModelException($"{path}: {e.Message}", e);
        }
    }
}
