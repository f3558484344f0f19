using System.Diagnostics;
using Slipway.Conformance.Pmml;
using Slipway.Core;
using Slipway.Models.Formats.Pmml;
using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Pmml;

/// <summary>
/// Real PMML files, damaged: opening one gives a model or a <see cref="ModelException"/>, and a model that opens gives answers or a
/// <see cref="RecordException"/>, both soon. The files are the smallest of the suite and some others.
/// </summary>
public sealed class HostileInputTests
{
    private const int MutationsPerSeed = 250;
    private const int Smallest = 60;
    private const int Others = 20;
    private const int MaxBytes = 250_000;
    private const int Rows = 3;

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(10);

    private static readonly Lazy<IReadOnlyList<SuiteFile>> Files = new(Load);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_damaged_file_is_refused_or_scores(int seed)
    {
        var files = LoadedFiles();
        var random = new Random(seed);
        var models = 0;
        for (var i = 0; i < MutationsPerSeed; i++)
        {
            var file = files[random.Next(files.Count)];
            var document = i % 2 == 0 ? DamagedText.Of(file.Document, random) : DamagedElements.Of(file.Document, random);
            if (Survives(document, file, $"{file.Name}, seed {seed}, mutation {i}")) models++;
        }
        Assert.InRange(models, 1, MutationsPerSeed - 1);
    }

    private static IReadOnlyList<SuiteFile> LoadedFiles()
    {
        Corpora.Find("pmml");
        return Files.Value;
    }

    private static List<SuiteFile> Load()
    {
        var cases = SuiteManifest.Read(Corpora.Find("pmml")).DistinctBy(c => c.Model).OrderBy(c => c.Id, StringComparer.Ordinal).ToList();
        var files = cases.ConvertAll(c => (Case: c, Document: Bytes(c.Model))).OrderBy(f => f.Document.Length).ToList();
        var chosen = files[..Smallest];
        var others = files[Smallest..].Where(f => f.Document.Length <= MaxBytes).ToArray();
        new Random(1).Shuffle(others);
        chosen.AddRange(others[..Others]);
        return chosen.ConvertAll(f =>
        {
            var table = TextTable.Read(f.Case.Input);
            return new SuiteFile(f.Case.Id, f.Document, table with { Rows = [.. table.Rows.Take(Rows)] });
        });
    }

    private static byte[] Bytes(string path)
    {
        using var stream = TextTable.OpenRead(path);
        using var whole = new MemoryStream();
        stream.CopyTo(whole);
        return whole.ToArray();
    }

    private static bool Survives(byte[] document, SuiteFile file, string what)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            using var model = PmmlRuntime.Open(new MemoryStream(document));
            ScoreRows(model, file.Table);
            ScoreBatch(model, file.Table);
            return true;
        }
        catch (ModelException)
        {
            return false;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {e.GetType().Name}: {e.Message}", e);
        }
        finally
        {
            Assert.True(clock.Elapsed < Hang, $"{what}: a hang");
        }
    }

    private static void ScoreRows(RowProgramModel model, TextTable table)
    {
        if (!model.Signature.AnswersByRow) return;
        var scorer = model.CreateScorer();
        foreach (var row in table.Rows)
        {
            try
            {
                for (var i = 0; i < scorer.InputCount; i++)
                {
                    var column = table.IndexOf(scorer.InputName(i));
                    if (column >= 0 && row[column] is { } text) scorer.Set(i, text);
                    else scorer.SetMissing(i);
                }
                scorer.Score();
                for (var i = 0; i < scorer.OutputCount; i++) scorer.Text(i);
            }
            catch (RecordException)
            {
                // the damaged model does not take this record
            }
        }
    }

    private static void ScoreBatch(RowProgramModel model, TextTable table)
    {
        using var batch = new Batch();
        foreach (var input in model.Signature.Inputs)
        {
            var column = table.IndexOf(input.Name);
            batch.Add(Tensor.OfText(input.Name, [.. table.Rows.Select(row => column < 0 ? null : row[column])]));
        }
        try
        {
            using var answers = model.Run(batch);
        }
        catch (RecordException)
        {
            // the damaged model does not take these records
        }
    }

    private sealed record SuiteFile(string Name, byte[] Document, TextTable Table);
}
