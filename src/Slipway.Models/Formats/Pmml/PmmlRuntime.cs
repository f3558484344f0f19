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
        var document = Read(path);
        var facts = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        facts.Add(new("pmml version", document.Version));
        facts.AddRange(document.Header);
        facts.Add(new("model", document.Model.Header.Place.Element));
        facts.Add(new("size", $"{new FileInfo(path).Length.ToString(CultureInfo.InvariantCulture)} bytes"));
        try
        {
            using var model = new RowProgramModel(document.Bind().Compile());
            return new ModelDescription(Name, Name, model.Signature, facts.ToImmutable(), []);
        }
        catch (ModelException e)
        {
            return new ModelDescription(Name, Name, null, facts.ToImmutable(), [e.Message]);
        }
    }

    public Batch? Reference(string path) => TrainingDistribution.Rows(Read(path).Model.Header.Statistics);

    public IModel Open(string path, RuntimeOptions options) => Open(path);

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

    private static PmmlDocument Read(string path) => Naming(path, () =>
    {
        using var reader = DocumentReader.Open(File.OpenRead(path));
        return PmmlDocument.Read(reader);
    });

    private static T Naming<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ModelException e)
        {
            throw new ModelException($"{Path.GetFileName(path)}: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new ModelException($"{path}: {e.Message}", e);
        }
    }
}
