using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Slipway.Core;
using Slipway.Data;
using Slipway.Data.Numpy;
using Slipway.Tests.Models;

namespace Slipway.Tests.Data.Numpy;

public sealed class NumpyTests : IDisposable
{
    /// <summary>NumPy 1.24.2: <c>savez_compressed(file, x=array([[1.5, -2], [inf, 3.25]], 'f4'), y=array([1, 2**40]), t=array(['grüß', 'a']), s=array([b'ab', b'c']))</c>.</summary>
    private const string Saved =
        "UEsDBBQAAAAIAAAAIQAM+G3hVQAAAJAAAAAFABQAeC5ucHkBABAAkAAAAAAAAABVAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CkaaOgq1CmQDLgaGA/YMQIKB" +
        "oaGegSHAAQBQSwMEFAAAAAgAAAAhAEaR+6pKAAAAkAAAAAUAFAB5Lm5weQEAEACQAAAAAAAAAEoAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQALkYG" +
        "JADkAABQSwMEFAAAAAgAAAAhAIRTh3ZUAAAAoAAAAAUAFAB0Lm5weQEAEACgAAAAAAAAAFQAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbhNqoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjqaOgq1ChQArnQGBoYi" +
        "IP4DxPeBOJEBFQAAUEsDBBQAAAAIAAAAIQC2NfHXSAAAAIQAAAAFABQAcy5ucHkBABAAhAAAAAAAAABIAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF4TbKSuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6mjoKtQoU" +
        "AK7EpGQGAFBLAQIUAxQAAAAIAAAAIQAM+G3hVQAAAJAAAAAFAAAAAAAAAAAAAACAAQAAAAB4Lm5weVBLAQIUAxQAAAAIAAAAIQBGkfuqSgAAAJAAAAAFAAAAAAAAAAAAAACAAYwAAAB5Lm5weVBLAQIUAxQAAAAIAAAAIQCEU4d2VAAA" +
        "AKAAAAAFAAAAAAAAAAAAAACAAQ0BAAB0Lm5weVBLAQIUAxQAAAAIAAAAIQC2NfHXSAAAAIQAAAAFAAAAAAAAAAAAAACAAZgBAABzLm5weVBLBQYAAAAABAAEAMwAAAAXAgAAAAA=";

    private static readonly ElementType[] Numbers =
        [ElementType.Bool, ElementType.Int8, ElementType.Int16, ElementType.Int32, ElementType.Int64, ElementType.UInt8, ElementType.UInt16, ElementType.UInt32, ElementType.UInt64, ElementType.Float16, ElementType.Float32, ElementType.Float64];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-numpy-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Arrays_that_NumPy_saved_are_read()
    {
        File.WriteAllBytes(PathOf("a.npz"), Convert.FromBase64String(Saved));
        using var reader = TableFiles.OpenRead(PathOf("a.npz"));
        Assert.Equal("x FP32, y INT64, t BYTES, s BYTES", reader.Schema.ToString());
        using var rows = reader.Read(10)!;
        Assert.Equal([2, 2], rows["x"].Shape.ToArray());
        Assert.Equal([1.5f, -2, float.PositiveInfinity, 3.25f], rows["x"].Values<float>().ToArray());
        Assert.Equal([1, 1L << 40], rows["y"].Values<long>().ToArray());
        Assert.Equal(("grüß", "a", "ab", "c"), (rows["t"].GetText(0), rows["t"].GetText(1), rows["s"].GetText(0), rows["s"].GetText(1)));
        Assert.Equal([1, 2], reader.Lines);
        Assert.Null(reader.Read(10));
    }

    [Fact]
    public void One_array_has_the_name_of_its_file()
    {
        File.WriteAllBytes(PathOf("truths.npy"), [.. NumpyHeader.Write('b', 1, [3]), 1, 0, 1]);
        using var reader = TableFiles.OpenRead(PathOf("truths.npy"));
        using var rows = reader.Read(2)!;
        Assert.Equal([true, false], rows["truths"].Values<bool>().ToArray());
    }

    [Fact]
    public void Rows_written_in_batches_are_read_back_in_any_batches()
    {
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            var forms = Enumerable.Range(0, random.Next(1, 5)).Select(i => (Name: $"a{i}", Type: i == 1 ? ElementType.Bytes : Numbers[random.Next(Numbers.Length)], Shape: Enumerable.Range(0, random.Next(3)).Select(_ => (long)random.Next(1, 4)).ToArray())).ToArray();
            var total = random.Next(1, 20);
            using var all = new Batch([.. forms.Select(f => Draw(f.Name, f.Type, [total, .. f.Shape], random))]);
            using (var writer = TableFiles.Create(PathOf("r.npz")))
            {
                foreach (var part in Parts(total, random))
                {
                    using var rows = all.Take(part);
                    writer.Write(rows);
                }
            }
            using var reader = TableFiles.OpenRead(PathOf("r.npz"));
            foreach (var part in Parts(total, random))
            {
                using var expected = all.Take(part);
                using var read = reader.Read(part.Length)!;
                foreach (var tensor in expected) AssertSame(tensor, read[tensor.Name]);
                Assert.Equal(part.Select(row => row + 1L), reader.Lines);
            }
            Assert.Null(reader.Read(1));
        }
    }

    [Fact]
    public void Arrays_that_share_no_rows_are_read_at_once()
    {
        using (var inputs = new Batch(Tensor.Of<float>("input", [1, 2], 1, 2), Tensor.Of<float>("state", [3, 4, 5], 3, 1), new Tensor("rate", ElementType.Int64)))
        using (var writer = TableFiles.Create(PathOf("n.npz"))) writer.Write(inputs);
        using var reader = (NumpyReader)TableFiles.OpenRead(PathOf("n.npz"));
        Assert.False(reader.IsTable);
        using var read = reader.Read(1)!;
        Assert.Equal(["input FP32[1,2]", "state FP32[3,1]", "rate INT64[]"], read.Select(t => t.ToString()));
        Assert.Null(reader.Read(1));
    }

    [Fact]
    public void Missing_numbers_are_NaN_where_there_is_one()
    {
        var (real, half, text, whole) = (Tensor.Of<float>("real", [1, 2]), Tensor.Of("half", [(Half)1, (Half)2]), Tensor.OfText("text", null, "b"), Tensor.Of<int>("whole", [1, 2]));
        foreach (var tensor in new[] { real, half, whole }) tensor.SetMissing(0);
        using var rows = new Batch(real, half, text);
        using (var writer = TableFiles.Create(PathOf("m.npz"), TableWriteOptions.Default with { Missing = "N/A" })) writer.Write(rows);
        using var reader = TableFiles.OpenRead(PathOf("m.npz"));
        using var read = reader.Read(2)!;
        Assert.Equal([float.NaN, 2], read["real"].Values<float>().ToArray());
        Assert.Equal([Half.NaN, (Half)2], read["half"].Values<Half>().ToArray());
        Assert.Equal("N/A", read["text"].GetText(0));
        using var refused = new Batch(whole);
        using var other = TableFiles.Create(PathOf("w.npz"));
        Assert.Contains("'whole' has a missing value", Assert.Throws<RecordException>(() => other.Write(refused)).Message);
    }

    [Fact]
    public void Rows_of_another_shape_cannot_follow()
    {
        using var writer = TableFiles.Create(PathOf("f.npz"));
        using (var first = new Batch(Tensor.Of<float>("x", [1, 2], 1, 2))) writer.Write(first);
        using var second = new Batch(Tensor.Of<float>("x", [1, 2, 3], 1, 3));
        Assert.Contains("x FP32[1,3] cannot follow rows of x FP32[1,2]", Assert.Throws<RecordException>(() => writer.Write(second)).Message);
    }

    [Theory]
    [InlineData("'<f4', 'fortran_order': True, 'shape': (2, 3)", 24, "numpy.ascontiguousarray")]
    [InlineData("'>f4', 'fortran_order': False, 'shape': (2, 3)", 24, "big-endian")]
    [InlineData("'<c8', 'fortran_order': False, 'shape': (3,)", 24, "elements of type c8 are not read")]
    [InlineData("'|O', 'fortran_order': False, 'shape': (3,)", 24, "no type and shape of plain numbers or texts")]
    [InlineData("'<f4', 'fortran_order': False, 'shape': (2, 4)", 24, "24 bytes of elements do not make shape (2, 4) of 4 bytes each")]
    [InlineData("'<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647)", 24, "do not make shape")]
    [InlineData("'<U0', 'fortran_order': False, 'shape': (2147483647,)", 0, "empty texts are not read")]
    public void What_is_no_tensor_is_refused_by_name(string head, int bytes, string reason)
    {
        var text = $"{{'descr': {head}, }}\n";
        byte[] prefix = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0];
        File.WriteAllBytes(PathOf("bad.npy"), [.. prefix, .. Encoding.Latin1.GetBytes(text), .. new byte[bytes]]);
        var message = Assert.Throws<SlipwayException>(() => TableFiles.OpenRead(PathOf("bad.npy"))).Message;
        Assert.StartsWith(PathOf("bad.npy") + " cannot be read as NumPy arrays: array 'bad': ", message);
        Assert.Contains(reason, message);
    }

    [Fact]
    public void Entry_that_is_said_to_be_larger_than_it_can_be_is_refused()
    {
        var bytes = Convert.FromBase64String(Saved);
        var entry = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(entry + 24), 2_000_000_000);
        File.WriteAllBytes(PathOf("bomb.npz"), bytes);
        Assert.Contains("x.npy is said to have 2000000000 bytes", Assert.Throws<SlipwayException>(() => TableFiles.OpenRead(PathOf("bomb.npz"))).Message);
    }

    [Fact]
    public void Damaged_files_are_refused_or_read()
    {
        var whole = Convert.FromBase64String(Saved);
        for (var percent = 0; percent < 100; percent++) Assert.False(Reads(whole.AsSpan(0, whole.Length * percent / 100).ToArray()));
        var random = new Random(11);
        using var stored = new MemoryStream();
        using (var archive = new ZipArchive(stored, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = archive.CreateEntry("x.npy", CompressionLevel.NoCompression).Open()) entry.Write([.. NumpyHeader.Write('f', 4, [2, 3]), .. new byte[24]]);
        var refused = 0;
        for (var i = 0; i < 2_000; i++)
        {
            if (!Reads(DamagedBytes.Of("{}'<>(),:0123456789biufcUS", i % 2 == 0 ? whole : stored.ToArray(), random))) refused++;
        }
        Assert.InRange(refused, 1, 2_000);
    }

    /// <summary>False where it is refused as it should be; any other exception is a fault.</summary>
    private bool Reads(byte[] bytes)
    {
        File.WriteAllBytes(PathOf("d.npz"), bytes);
        try
        {
            using var reader = TableFiles.OpenRead(PathOf("d.npz"));
            while (reader.Read(1000) is { } rows) rows.Dispose();
            return true;
        }
        catch (SlipwayException)
        {
            return false;
        }
    }

    private static IEnumerable<int[]> Parts(int total, Random random)
    {
        for (var start = 0; start < total;)
        {
            var count = random.Next(1, total - start + 1);
            yield return [.. Enumerable.Range(start, count)];
            start += count;
        }
    }

    private static Tensor Draw(string name, ElementType type, long[] shape, Random random)
    {
        var tensor = new Tensor(name, type, shape);
        if (type != ElementType.Bytes)
        {
            random.NextBytes(tensor.RawData);
            if (type == ElementType.Bool) for (var i = 0; i < tensor.Count; i++) tensor.RawData[i] &= 1;
            return tensor;
        }
        for (var i = 0; i < tensor.Count; i++) tensor.Append(new[] { "", "a", "grüß", "🚀🚀", "a b" }[random.Next(5)]);
        return tensor;
    }

    private static void AssertSame(Tensor expected, Tensor read)
    {
        Assert.Equal(expected.ToString(), read.ToString());
        if (expected.Type != ElementType.Bytes) Assert.Equal(expected.RawData.ToArray(), read.RawData.ToArray());
        else for (var i = 0; i < expected.Count; i++) Assert.Equal(expected.GetText(i), read.GetText(i));
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);
}
