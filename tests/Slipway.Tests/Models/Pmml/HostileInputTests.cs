using System.Diagnostics;
using System.Text;
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
            var document = Damage(file.Document, random);
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
        if (!model.AnswersByRow) return;
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

    private static byte[] Damage(byte[] document, Random random)
    {
        var bytes = new List<byte>(document);
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            switch (random.Next(7))
            {
                case 0: bytes[random.Next(bytes.Count)] ^= (byte)(1 << random.Next(8)); break;
                case 1: Cut(bytes, random, random.Next(1, 200)); break;
                case 2: Repeat(bytes, random); break;
                case 3: SwapAttributes(bytes, random); break;
                case 4 or 5: ChangeNumber(bytes, random); break;
                default: CutElement(bytes, random); break;
            }
        }
        return [.. bytes];
    }

    private static void Cut(List<byte> bytes, Random random, int length)
    {
        var at = random.Next(bytes.Count);
        bytes.RemoveRange(at, Math.Min(length, bytes.Count - at));
    }

    private static void Repeat(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var end = bytes.IndexOf((byte)'>', at);
        if (end < 0) end = bytes.Count - 1;
        bytes.InsertRange(end + 1, bytes.GetRange(at, end + 1 - at));
    }

    /// <summary>Removes an element that has no children: what remains is well-formed.</summary>
    private static void CutElement(List<byte> bytes, Random random)
    {
        var end = Find(bytes, "/>", random.Next(bytes.Count));
        if (end < 0) return;
        var start = bytes.LastIndexOf((byte)'<', end);
        if (start >= 0) bytes.RemoveRange(start, end + 2 - start);
    }

    /// <summary>Two attributes of one element change their values.</summary>
    private static void SwapAttributes(List<byte> bytes, Random random)
    {
        var first = Value(bytes, random.Next(bytes.Count));
        if (first is not var (start, length)) return;
        if (Value(bytes, start + length + 1) is not var (otherStart, otherLength)) return;
        var (one, other) = (bytes.GetRange(start, length), bytes.GetRange(otherStart, otherLength));
        bytes.RemoveRange(otherStart, otherLength);
        bytes.InsertRange(otherStart, one);
        bytes.RemoveRange(start, length);
        bytes.InsertRange(start, other);
    }

    private static void ChangeNumber(List<byte> bytes, Random random)
    {
        if (bytes.FindIndex(random.Next(bytes.Count), b => b is >= (byte)'0' and <= (byte)'9') is var start and >= 0)
        {
            var end = bytes.FindIndex(start, b => b is not (>= (byte)'0' and <= (byte)'9' or (byte)'.'));
            bytes.RemoveRange(start, (end < 0 ? bytes.Count : end) - start);
            bytes.InsertRange(start, Encoding.ASCII.GetBytes(random.GetItems(["0", "-1", "1", "2147483647", "-2147483648", "9999999999999", "1e308", "NaN", "-INF", "0.5", "", "x"], 1)[0]));
        }
    }

    private static (int Start, int Length)? Value(List<byte> bytes, int from)
    {
        var start = Find(bytes, "=\"", from);
        if (start < 0) return null;
        var end = bytes.IndexOf((byte)'"', start + 2);
        return end < 0 ? null : (start + 2, end - start - 2);
    }

    private static int Find(List<byte> bytes, string two, int from)
    {
        for (var i = from; i + 1 < bytes.Count; i++)
        {
            if (bytes[i] == two[0] && bytes[i + 1] == two[1]) return i;
        }
        return -1;
    }

    private sealed record SuiteFile(string Name, byte[] Document, TextTable Table);
}
