using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;

namespace Slipway.Tests.Models.Formats.Onnx;

public class TensorProtoReaderTests
{
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Models", "Formats", "Onnx", "fixtures");

    private static readonly string[][] Expected = [.. File.ReadLines(Path.Combine(Fixtures, "expected.tsv")).Select(l => l.Split('\t'))];

    public static TheoryData<string> Names => [.. Expected.Select(e => e[0])];

    private static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(Fixtures, name + ".pb"));

    private static string Refusal(byte[] message) => Assert.Throws<ModelException>(() => TensorProtoReader.Read(message, "input_0.pb").Dispose()).Message;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_type_and_layout_reads_as_onnx_wrote_it(string name)
    {
        var row = Expected.Single(e => e[0] == name);
        using var tensor = TensorProtoReader.Read(Fixture(name), name);
        Assert.Equal(("t", row[1]), (tensor.Name, tensor.Type.ProtocolName));
        Assert.Equal(row[2], string.Join(',', tensor.Shape.ToArray()));
        string[] values = tensor.Count == 0 ? [] : row[3].Split('|');
        Assert.Equal(values.Length, tensor.Count);
        for (var i = 0; i < values.Length; i++)
        {
            switch (tensor.Type)
            {
                case ElementType.Bytes: Assert.Equal(values[i], tensor.GetText(i)); break;
                case ElementType.Int64: Assert.Equal(values[i], tensor.Values<long>()[i].ToString(CultureInfo.InvariantCulture)); break;
                case ElementType.UInt64: Assert.Equal(values[i], tensor.Values<ulong>()[i].ToString(CultureInfo.InvariantCulture)); break;
                default: Assert.Equal(double.Parse(values[i], CultureInfo.InvariantCulture), tensor.NumberAt(i)); break;
            }
        }
    }

    [Fact]
    public void A_given_name_replaces_the_message_s_own()
    {
        using var tensor = TensorProtoReader.Read(Fixture("scalar"), "scalar.pb", "x");
        Assert.Equal("x", tensor.Name);
        Assert.Empty(tensor.Shape.ToArray());
    }

    [Fact]
    public void Packed_and_single_fields_read_alike()
    {
        // dims 2, type INT64, int64_data 1 and -1; once each in its own field, once packed
        byte[] single = [0x08, 2, 0x10, 7, 0x38, 1, 0x38, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1];
        byte[] packed = [0x0A, 1, 2, 0x10, 7, 0x3A, 11, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1];
        foreach (var message in new[] { single, packed })
        {
            using var tensor = TensorProtoReader.Read(message, "input_0.pb");
            Assert.Equal([1L, -1], tensor.Values<long>().ToArray());
        }
        // dims 1, type FLOAT, float_data 1.5 in a field of its own
        using var real = TensorProtoReader.Read([0x08, 1, 0x10, 1, 0x25, 0, 0, 0xC0, 0x3F], "input_0.pb");
        Assert.Equal([1.5f], real.Values<float>().ToArray());
    }

    [Theory]
    [InlineData(new byte[] { }, "no element type")]
    [InlineData(new byte[] { 0x10, 1 }, "it has no values")]
    [InlineData(new byte[] { 0x08, 2, 0x10, 1, 0x4A, 0 }, "raw_data has 0 bytes")]
    [InlineData(new byte[] { 0x08, 2, 0x10, 7, 0x38, 5 }, "holds 2 elements, found 1")]
    [InlineData(new byte[] { 0x10, 99 }, "ONNX type 99 is unknown")]
    [InlineData(new byte[] { 0x10, 14 }, "complex")]
    [InlineData(new byte[] { 0x10, 17 }, "8 bits or fewer")]
    [InlineData(new byte[] { 0x10, 1, 0x1A, 0 }, "not a whole tensor")]
    [InlineData(new byte[] { 0x10, 1, 0x70, 1 }, "another file")]
    [InlineData(new byte[] { 0x10, 1, 0x6A, 0 }, "another file")]
    [InlineData(new byte[] { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0x10, 1 }, "dimension -1")]
    [InlineData(new byte[] { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 7, 0x10, 1, 0x4A, 0 }, "cannot be in 10 bytes")]
    [InlineData(new byte[] { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 7, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 7, 0x10, 1, 0x4A, 0 }, "more than one tensor can hold")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 2, 0x28, 1, 0x28, 2 }, "more than the 1 elements")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 2, 0x28, 0x80, 2 }, "UINT8 cannot hold 256")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 9, 0x28, 2 }, "BOOL cannot hold 2")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 9, 0x4A, 1, 2 }, "neither 0 nor 1")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 1, 0x28, 2 }, "FP32 values are in field 5, expected in field 4")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 1, 0x4A, 3, 0, 0, 0 }, "raw_data has 3 bytes")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 1, 0x22, 3, 0, 0, 0 }, "not a multiple of 4")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 1, 0x4A, 4, 0, 0, 0, 0, 0x25, 0, 0, 0, 0 }, "given twice")]
    [InlineData(new byte[] { 0x08, 1, 0x10, 8, 0x4A, 1, 65 }, "string_data expected")]
    [InlineData(new byte[] { 0x10, 1, 0x4A, 9, 0 }, "byte 3: 9 bytes are announced, 1 are left")]
    [InlineData(new byte[] { 0x10 }, "ends inside a number")]
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, "longer than 64 bits")]
    [InlineData(new byte[] { 0x13 }, "wire type 3")]
    [InlineData(new byte[] { 0x00, 1 }, "field number")]
    [InlineData(new byte[] { 0x15, 1, 0, 0, 0 }, "field 2 has wire type 5")]
    public void A_message_that_is_no_tensor_is_refused_with_its_reason(byte[] message, string reason) => Assert.Contains(reason, Refusal(message));

    [Fact]
    public void More_dimensions_than_a_tensor_may_have_are_refused()
    {
        var message = new List<byte> { 0x10, 1 };
        for (var i = 0; i < 33; i++) message.AddRange([0x08, 1]);
        Assert.Contains("more than 32 dimensions", Refusal([.. message]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_cut_anywhere_is_refused_or_read_never_more(string name)
    {
        var whole = Fixture(name);
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                TensorProtoReader.Read(whole.AsSpan(0, length), name).Dispose();
            }
            catch (ModelException e)
            {
                Assert.StartsWith(name, e.Message);
            }
        }
    }

    [Fact]
    public void Damaged_messages_are_refused_or_read_within_memory_bounded_by_their_length()
    {
        var originals = Expected.Select(e => Fixture(e[0])).ToArray();
        var random = new Random(23);
        for (var i = 0; i < 2_000; i++)
        {
            var message = originals[i % originals.Length].ToArray();
            for (var flips = random.Next(1, 5); flips > 0; flips--) message[random.Next(message.Length)] = (byte)random.Next(256);
            try
            {
                using var tensor = TensorProtoReader.Read(message, "input_0.pb");
                Assert.True(tensor.Count <= message.Length);
            }
            catch (ModelException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Fact]
    public void Real_test_data_sets_are_read()
    {
        var corpus = Corpora.Find("onnx-backend");
        var (read, refused) = (0, new Dictionary<string, int>());
        foreach (var path in Directory.EnumerateFiles(corpus, "*put_*.pb", SearchOption.AllDirectories))
        {
            try
            {
                TensorProtoReader.Read(File.ReadAllBytes(path), "").Dispose();
                read++;
            }
            catch (ModelException e)
            {
                refused[e.Message] = refused.GetValueOrDefault(e.Message) + 1;
            }
        }
        Assert.True(read > 1_000, $"{read} read");
        Assert.All(refused.Keys, reason => Assert.Matches("8 bits or fewer|complex|not a whole tensor|not a tensor|holds 1 elements|more than the 1 elements|a sequence or an optional value", reason));
        Assert.True(refused.Values.Sum() < read / 20, string.Join('\n', refused));
    }

    [Fact]
    public void Real_absolute_values_and_identities_hold_after_reading()
    {
        var corpus = Corpora.Find("onnx-backend");
        var compared = 0;
        foreach (var folder in Directory.EnumerateDirectories(corpus, "test_data_set_0", SearchOption.AllDirectories))
        {
            var test = Path.GetFileName(Path.GetDirectoryName(folder));
            if (test is not ("test_abs" or "test_identity" or "test_neg")) continue;
            using var input = TensorProtoReader.Read(File.ReadAllBytes(Path.Combine(folder, "input_0.pb")), folder);
            using var output = TensorProtoReader.Read(File.ReadAllBytes(Path.Combine(folder, "output_0.pb")), folder);
            Assert.Equal(input.Shape.ToArray(), output.Shape.ToArray());
            for (var i = 0; i < input.Count; i++)
            {
                var number = input.NumberAt(i);
                Assert.Equal(test switch { "test_abs" => Math.Abs(number), "test_neg" => -number, _ => number }, output.NumberAt(i));
            }
            compared += input.Count;
        }
        Assert.True(compared > 100, $"{compared} compared");
    }
}
