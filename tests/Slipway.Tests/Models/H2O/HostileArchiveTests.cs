using System.IO.Compression;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.H2O;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.H2O;

/// <summary>Every byte of an archive, and of the entries in it, is hostile: a clear error or a model that runs, in bounded memory.</summary>
public class HostileArchiveTests
{
    /// <summary>Per case; the samples are up to 30 KB, and what an archive of that size may unpack to is bounded too.</summary>
    private const long MaxBytes = 24 << 20;

    /// <summary>Per sample, of the archive and again of its entries: 28,000 in all.</summary>
    private const int Mutations = 1000;

    public static TheoryData<string> Samples => SampleMojos.Names;

    [Theory]
    [MemberData(nameof(Samples))]
    public void Samples_run(string sample) => Assert.Null(ReadWithin(SampleMojos.Make(sample).Build()));

    [Theory]
    [MemberData(nameof(Samples))]
    public void An_archive_cut_at_any_percent_is_refused(string sample)
    {
        var archive = SampleMojos.Make(sample).Build();
        for (var percent = 0; percent < 100; percent++) Assert.NotNull(ReadWithin(archive[..(archive.Length * percent / 100)]));
        Assert.NotNull(ReadWithin(archive[..^1]));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_damaged_archive_is_refused_or_runs(string sample)
    {
        var archive = SampleMojos.Make(sample).Build();
        var random = new Random(sample.Length);
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            if (ReadWithin(Damage(archive, random), forScores: i % 2 == 1) is not null) refused++;
        }
        Assert.InRange(refused, 1, Mutations);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void An_archive_of_damaged_entries_is_refused_or_runs(string sample)
    {
        var entries = SampleMojos.Make(sample).Entries();
        var random = new Random(sample.Length);
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var damaged = entries.ToList();
            var at = random.Next(entries.Count);
            damaged[at] = (entries[at].Name, Damage(entries[at].Content, random));
            if (ReadWithin(MojoBuilder.Zip(damaged, CompressionLevel.NoCompression)) is not null) refused++;
        }
        Assert.InRange(refused, 1, Mutations);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void An_archive_of_cut_entries_is_refused_or_runs(string sample)
    {
        var entries = SampleMojos.Make(sample).Entries();
        for (var e = 0; e < entries.Count; e++)
        {
            for (var percent = 0; percent < 100; percent += 3)
            {
                var cut = entries.ToList();
                cut[e] = (entries[e].Name, entries[e].Content[..(entries[e].Content.Length * percent / 100)]);
                ReadWithin(MojoBuilder.Zip(cut, CompressionLevel.NoCompression));
            }
            var without = ReadWithin(MojoBuilder.Zip(entries.Where((_, i) => i != e)));
            // Statistics may be absent; without its levels a model is described.
            if (!entries[e].Name.EndsWith("_aux.bin", StringComparison.Ordinal) && !entries[e].Name.StartsWith("domains/", StringComparison.Ordinal)) Assert.NotNull(without);
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Counts_in_the_file_are_not_believed(string sample)
    {
        var entries = SampleMojos.Make(sample).Entries();
        var lines = Encoding.UTF8.GetString(entries[0].Content).Split('\n');
        for (var line = 0; line < lines.Length; line++)
        {
            if (lines[line].Split(" = ") is not [var key, _]) continue;
            foreach (var value in new[] { "2147483647", "-1", "0", "1000000", "null", "", "[]", "[2147483647]", "[-1, 5, NaN]", "NaN", "true", "some text" })
            {
                var changed = lines.ToArray();
                changed[line] = $"{key} = {value}";
                ReadWithin(MojoBuilder.Zip([("model.ini", Encoding.UTF8.GetBytes(string.Join('\n', changed))), .. entries.Skip(1)], CompressionLevel.NoCompression));
            }
        }
    }

    [Fact]
    public void An_entry_that_unpacks_to_more_than_a_model_can_be_is_refused()
    {
        var bomb = SampleMojos.Make("gbm").Entry("domains/more.txt", new byte[100 << 20]);
        // It is never asked for.
        Assert.Null(ReadWithin(bomb.Build()));
        var entries = SampleMojos.Make("word2vec").Entries();
        entries[^1] = ("vectors", new byte[100 << 20]);
        Assert.Matches("^vectors: 104857600 bytes packed into \\d+: more than a model can have$", ReadWithin(MojoBuilder.Zip(entries, CompressionLevel.SmallestSize))!.Message);
    }

    [Fact]
    public void What_all_entries_unpack_to_is_bounded_together()
    {
        const int Parts = 200;
        var builder = new MojoBuilder("stackedensemble", "Regression", "1.01").Features(1).Column("x").Column("y").Set("base_models_num", $"{Parts}").Set("metalearner", "part 0").Set("submodel_count", $"{Parts}");
        var part = new MojoBuilder("glm", "Regression", "1.00").Features(1).Column("x").Column("y").Set("cats", "0").Set("nums", "1").Set("family", "gaussian").Set("link", "identity").Set("beta", 1, 2).Set("padding", new string(' ', 200_000));
        for (var i = 0; i < Parts; i++)
        {
            builder.Set($"base_model{i}", $"part {i}").Set($"submodel_key_{i}", $"part {i}").Set($"submodel_dir_{i}", $"{i}/").Folder($"{i}/", part);
        }
        Assert.Matches("^\\d+/model.ini: \\d+ bytes packed into \\d+: more than a model can have$", ReadWithin(MojoBuilder.Zip(builder.Entries(), CompressionLevel.SmallestSize))!.Message);
    }

    [Fact]
    public void A_part_that_is_named_often_is_read_once()
    {
        var builder = new MojoBuilder("stackedensemble", "Regression", "1.01").Features(1).Column("x").Column("y").Set("base_models_num", "5000").Set("metalearner", "m").Set("submodel_count", "1")
            .Set("submodel_key_0", "m").Set("submodel_dir_0", "m/");
        for (var i = 0; i < 5000; i++) builder.Set($"base_model{i}", "m");
        var part = new MojoBuilder("glm", "Regression", "1.00").Features(1).Column("x").Column("y").Set("cats", "0").Set("nums", "1").Set("family", "gaussian").Set("link", "identity").Set("beta", 1, 2).Set("padding", new string(' ', 100_000));
        Assert.Equal("the metalearner m takes 1 values, the base models give 5000", ReadWithin(builder.Folder("m/", part).Build())!.Message);
    }

    [Fact]
    public void Two_entries_of_one_name_are_refused() =>
        Assert.Equal("the archive has two entries 'model.ini'", ReadWithin(MojoBuilder.Zip([.. SampleMojos.Make("svm").Entries(), ("model.ini", [])]))!.Message);

    [Fact]
    public void An_entry_of_another_checksum_is_refused()
    {
        var entries = SampleMojos.Make("word2vec").Entries();
        var archive = MojoBuilder.Zip(entries, CompressionLevel.NoCompression);
        archive[archive.AsSpan().IndexOf("a\nb\n"u8)] ^= 1;
        Assert.Equal("vocabulary: its content does not match its checksum", ReadWithin(archive)!.Message);
    }

    [Fact]
    public void Statistics_are_not_unpacked_for_scores()
    {
        var entries = SampleMojos.Make("gbm").Entries();
        var statistics = entries.FindIndex(e => e.Name.EndsWith("_aux.bin", StringComparison.Ordinal));
        Assert.True(statistics >= 0);
        entries[statistics] = (entries[statistics].Name, [1, 2, 3]);
        var archive = MojoBuilder.Zip(entries);

        Assert.Null(ReadWithin(archive, forScores: true));
        Assert.Contains("3 bytes of statistics", ReadWithin(archive)!.Message, StringComparison.Ordinal);
        Assert.True(new H2OMojoFormat().ReadForScores(archive).Trees!.Covers.IsEmpty);
    }

    [Fact]
    public void An_archive_without_a_model_is_refused() => Assert.Equal("the archive has no entry 'model.ini'", ReadWithin(MojoBuilder.Zip([("trees/t00_000.bin", [])]))!.Message);

    /// <summary>Reads and runs; the error when it is refused. Anything but a ModelException, and too much memory, fails the test.</summary>
    private static ModelException? ReadWithin(byte[] archive, bool forScores = false)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ModelException? refusal = null;
        try
        {
            var format = new H2OMojoFormat();
            var definition = forScores ? format.ReadForScores(archive) : format.Read(archive);
            if (definition.Unsupported.IsEmpty && definition.Signature.InputColumns.Count() < 1000)
            {
                using var model = TreesModel.Compile(definition, RuntimeOptions.Default with { Threads = 1 });
                using var inputs = SampleMojos.Rows(model.Signature);
                using var outputs = model.Run(inputs);
                Assert.Equal(4, outputs[^1].Rows);
            }
        }
        catch (ModelException e)
        {
            refusal = e;
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytes + (32L * archive.Length));
        return refusal;
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        var damaged = new List<byte>(bytes);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(5))
            {
                case 0: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: damaged[at] = (byte)random.Next(256); break;
                case 2: damaged.RemoveRange(at, Math.Min(damaged.Count - at, random.Next(1, 9))); break;
                case 3: damaged.Insert(at, (byte)"0123456789-=[],.\n "[random.Next(18)]); break;
                default:
                    for (var j = at; j < Math.Min(damaged.Count, at + 4); j++) damaged[j] = random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F;
                    break;
            }
            if (damaged.Count == 0) damaged.Add(0);
        }
        return [.. damaged];
    }
}
