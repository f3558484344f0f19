using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.H2O;
using Slipway.Models.Trees;

namespace Slipway.Tests.Models.H2O;

public class H2OMojoFormatTests
{
    [Theory]
    [InlineData("model.ini", true)]
    [InlineData("trees/t00_000.bin", true)]
    [InlineData("domains/d000.txt", true)]
    [InlineData("boosterBytes", true)]
    [InlineData("experimental/modelDetails.json", true)]
    [InlineData("word/document.xml", false)]
    [InlineData("data.pkl", false)]
    public void Archives_are_known_by_their_first_entry(string entry, bool matches) =>
        Assert.Equal(matches, new H2OMojoFormat().Matches("any.zip", MojoBuilder.Zip([(entry, new byte[10])])));

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4 })]
    [InlineData(new byte[] { 0x50, 0x4B, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Other_bytes_are_no_archive(byte[] head) => Assert.False(new H2OMojoFormat().Matches("any.zip", head));

    [Fact]
    public void Every_kind_of_corpus_archive_is_known()
    {
        foreach (var zip in Directory.EnumerateFiles(Corpora.Find("trees"), "*.zip", SearchOption.AllDirectories).Where(f => f.Contains("h2o", StringComparison.Ordinal)))
        {
            Assert.True(new TreesRuntime().CanOpen(Path.GetFileName(zip), File.ReadAllBytes(zip).AsSpan(0, 4096)), zip);
        }
    }

    [Fact]
    public void Columns_are_inputs_by_name_and_levels_may_be_numbers()
    {
        var signature = MojoFiles.Read(SampleMojos.Make("gbm").Build()).Signature;
        Assert.Equal(["n0", "few", "some", "n3", "many"], signature.Inputs.Select(i => i.Name));
        Assert.Equal([ElementType.Float64, ElementType.Bytes, ElementType.Bytes, ElementType.Float64, ElementType.Bytes], signature.Inputs.Select(i => i.Type));
        Assert.All(signature.Inputs.Where(i => i.Type == ElementType.Bytes), i => Assert.True(i.AnyType));
    }

    [Theory]
    [InlineData("FALSE", "TRUE")]
    [InlineData("false", "true")]
    [InlineData("0", "1")]
    public void Levels_may_be_truths(string no, string yes)
    {
        var builder = new MojoBuilder("glm", "Regression", "1.00").Features(1).Column("level", no, yes).Column("y").Set("cats", "1").Set("nums", "0").Set("cat_offsets", 0, 2).Set("use_all_factor_levels", "true")
            .Set("family", "gaussian").Set("link", "identity").Set("beta", 3, 5, 0);
        using var model = MojoFiles.Open(builder.Build());
        using var inputs = new Batch(Tensor.Of<bool>("level", [true, false, true]));
        using var outputs = model.Run(inputs);
        Assert.Equal([5.0, 3, 5], outputs[0].Values<double>().ToArray());
    }

    [Fact]
    public void Numbers_alone_are_one_matrix()
    {
        var input = Assert.Single(MojoFiles.Read(SampleMojos.Make("svm").Build()).Signature.Inputs);
        Assert.Equal(new TensorSpec("input", ElementType.Float64, [-1, 2], Optional: true, Columns: ["x", "z"]), input);
        Assert.Equal(ElementType.Float32, MojoFiles.Read(SampleMojos.Make("xgboost").Build()).Signature.Inputs[0].Type);
    }

    [Fact]
    public void Levels_are_unescaped_lines()
    {
        var builder = new MojoBuilder("kmeans", "Clustering", "1.00").Features(1).Column("level", "two\nlines", "back\\slash", " kept ", "").Set("center_num", "1").Set("center_0", 0);
        Assert.Contains(KeyValuePair.Create("categories of level", "0=two\nlines, 1=back\\slash, 2= kept , 3="), MojoFiles.Read(builder.Build()).Facts);
    }

    [Fact]
    public void A_domain_of_another_length_is_refused()
    {
        var entries = SampleMojos.Make("kmeans").Entries();
        entries[1] = (entries[1].Name, "a\nb\nc\n"u8.ToArray());
        Assert.Equal("domains/d000.txt: 3 levels, but [domains] says 2 for column 'level'", Assert.Throws<ModelException>(() => MojoFiles.Read(MojoBuilder.Zip(entries))).Message);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Lines_of_every_system_are_read(string newLine)
    {
        var entries = SampleMojos.Make("svm").Entries();
        var text = "# a comment\n\n" + Encoding.UTF8.GetString(entries[0].Content);
        var definition = MojoFiles.Read(MojoBuilder.Zip([("model.ini", Encoding.UTF8.GetBytes(text.Replace("\n", newLine, StringComparison.Ordinal))), .. entries.Skip(1)]));
        Assert.Empty(definition.Unsupported);
        Assert.Equal(["x", "z"], definition.Signature.InputColumns);
    }

    [Theory]
    [InlineData("no section = 1", "model.ini, line 1: [info], and then key = value expected")]
    [InlineData("[info]\nno value", "model.ini, line 2: [info], and then key = value expected")]
    [InlineData("[info]\na = 1\n[domains]\nx", "model.ini, line 4: 'x' in [domains], 'column: levels file' expected")]
    [InlineData("[info]\na = 1", "model.ini: n_columns is absent")]
    [InlineData("[info]\nn_columns = 2\n[columns]\nx", "model.ini, line 2: n_columns is '2', 1, as [columns] lists, expected")]
    public void Lines_that_are_none_of_their_section_are_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ModelException>(() => MojoFiles.Read(MojoBuilder.Zip([("model.ini", Encoding.UTF8.GetBytes(text))]))).Message);

    [Theory]
    [InlineData("glrm", "algo 'glrm' (glrm) has no scorer here")]
    [InlineData("targetencoder", "algo 'targetencoder' (targetencoder) has no scorer here")]
    public void Algorithms_without_a_scorer_are_described(string algorithm, string reason)
    {
        var definition = MojoFiles.Read(new MojoBuilder(algorithm, "DimReduction", "1.00").Features(2).Column("x").Column("level", "a", "b").Build());
        Assert.Equal([reason], definition.Unsupported);
        Assert.Contains(KeyValuePair.Create("library", "h2o 3.46.0.8"), definition.Facts);
        Assert.Contains(KeyValuePair.Create("categories of level", "0=a, 1=b"), definition.Facts);
    }

    [Theory]
    [InlineData("endianness", "BIG_ENDIAN", "endianness: the archive is of a big-endian machine")]
    [InlineData("preprocessors_count", "1", "preprocessors_count: rows go through a target encoder first")]
    [InlineData("mojo_version", "1.50", "mojo_version 1.50 is newer than 1.40, the last that is known for trees")]
    public void What_no_reader_here_knows_is_told(string key, string value, string reason) =>
        Assert.Equal([reason], MojoFiles.Read(SampleMojos.Make("gbm").Set(key, value).Build()).Unsupported);

    [Theory]
    [MemberData(nameof(SampleMojos.Names), MemberType = typeof(SampleMojos))]
    public void Rows_allocate_nothing(string sample)
    {
        var definition = MojoFiles.Read(SampleMojos.Make(sample).Build());
        using var model = TreesModel.Compile(definition, RuntimeOptions.Default with { Threads = 1 });
        using var few = SampleMojos.Rows(model.Signature);
        using var many = Repeated(few, 50);
        Assert.Equal(Allocations.Of(() => Score(few)), Allocations.Of(() => Score(many)));

        void Score(Batch rows)
        {
            model.Run(rows).Dispose();
        }
    }

    private static Batch Repeated(Batch rows, int times)
    {
        int[] places = [.. Enumerable.Range(0, rows[0].Rows * times).Select(i => i % rows[0].Rows)];
        var repeated = new Batch();
        foreach (var tensor in rows) repeated.Add(tensor.Take(places));
        return repeated;
    }

    [Fact]
    public void The_model_contract_is_kept()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-h2o-");
        try
        {
            foreach (var sample in SampleMojos.Names)
            {
                var path = Path.Combine(folder.FullName, "model.zip");
                File.WriteAllBytes(path, SampleMojos.Make(sample).Build());
                Slipway.Conformance.Models.ModelChecks.Run(new TreesRuntime(), path, () => SampleMojos.Rows(MojoFiles.Read(File.ReadAllBytes(path)).Signature));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Checksums_are_those_of_zip_archives()
    {
        Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));
        Assert.Equal(0u, Crc32.Of(default));
    }
}
