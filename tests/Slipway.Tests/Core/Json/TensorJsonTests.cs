using System.Buffers;
using System.Text;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Tests.Core.Json;

public sealed class TensorJsonTests
{
    [Theory]
    [InlineData("BOOL", "[true,false]")]
    [InlineData("UINT8", "[0,255]")]
    [InlineData("UINT16", "[0,65535]")]
    [InlineData("UINT32", "[0,4294967295]")]
    [InlineData("UINT64", "[0,18446744073709551615]")]
    [InlineData("INT8", "[-128,127]")]
    [InlineData("INT16", "[-32768,32767]")]
    [InlineData("INT32", "[-2147483648,2147483647]")]
    [InlineData("INT64", "[-9223372036854775808,9223372036854775807]")]
    [InlineData("FP16", "[0.1,-65500]")]
    [InlineData("BF16", "[0.5,-2]")]
    [InlineData("FP32", "[0.1,-3.4028235E+38]")]
    [InlineData("FP64", "[0.1,5E-324]")]
    [InlineData("BYTES", "[\"caf\\u00E9\",\"\"]")]
    [InlineData("FP32", "[null,1]")]
    [InlineData("FP64", "[\"Infinity\",\"-Infinity\"]")]
    [InlineData("INT32", "[null,-1]")]
    [InlineData("BYTES", "[null,\"x\"]")]
    [InlineData("BOOL", "[null,true]")]
    public void Every_type_round_trips_at_its_limits(string datatype, string data)
    {
        var json = $$"""[{"name":"x","shape":[2],"datatype":"{{datatype}}","data":{{data}}}]""";
        using var batch = Read(json);
        Assert.Equal(json, Write(batch));
    }

    [Fact]
    public void Values_are_those_the_text_gives()
    {
        using var batch = Read("""[{"name":"x","shape":[4],"datatype":"FP32","data":[1, -2.5e3, null, "NaN"]},{"name":"n","shape":[3],"datatype":"INT16","data":[3.0, 1e2, -0]}]""");
        Assert.Equal([1f, -2500f, float.NaN, float.NaN], batch["x"].Values<float>().ToArray());
        Assert.True(batch["x"].IsMissing(2));
        Assert.False(batch["x"].IsMissing(3));
        Assert.Equal([3, 100, 0], batch["n"].Values<short>().ToArray());
    }

    [Theory]
    [InlineData("[[1,2,3],[4,5,6]]")]
    [InlineData("[1,2,3,4,5,6]")]
    public void Data_may_be_nested_or_flat(string data)
    {
        using var batch = Read($$"""[{"name":"x","shape":[2,3],"datatype":"FP64","data":{{data}}}]""");
        Assert.Equal([1.0, 2, 3, 4, 5, 6], batch["x"].Values<double>().ToArray());
        Assert.Equal([2L, 3L], batch["x"].Shape.ToArray());
    }

    [Theory]
    [InlineData("[3]", "[ 1 ,\t2\n,\r\n3 ]")]
    [InlineData("[1,3]", "[ [1,2,3] ]")]
    [InlineData("[3,1]", "[[1],[2] ,[ 3]]")]
    [InlineData("[3]", "[1, 2.0, 3000e-3]")]
    public void Space_and_nesting_do_not_matter(string shape, string data)
    {
        using var batch = Read($$"""[{"name":"x","shape":{{shape}},"datatype":"FP32","data":{{data}}},{"name":"y","shape":{{shape}},"datatype":"FP64","data":{{data}}}]""");
        Assert.Equal([1f, 2, 3], batch["x"].Values<float>().ToArray());
        Assert.Equal([1.0, 2, 3], batch["y"].Values<double>().ToArray());
    }

    [Theory]
    [InlineData("[1,2,3")]
    [InlineData("[1,2,3}")]
    [InlineData("[1,2,,3]")]
    [InlineData("[1,2,03]")]
    [InlineData("[1,2,3.]")]
    [InlineData("[1 2,3]")]
    [InlineData("[1,2,3,]")]
    public void Arrays_that_are_not_json_are_refused(string data) =>
        Assert.ThrowsAny<JsonException>(() => Read($$"""[{"name":"x","shape":[3],"datatype":"FP32","data":{{data}}}]"""));

    [Theory]
    [InlineData("[]", "[7]", 1)]
    [InlineData("[]", "7", 1)]
    [InlineData("[0,30]", "[]", 0)]
    [InlineData("[2,0]", "[[],[]]", 0)]
    [InlineData("[1,1,1]", "[[[7]]]", 1)]
    [InlineData("[2,2,2]", "[[1,2,3,4],[[5,6],[7,8]]]", 8)]
    public void Scalars_empty_tensors_and_partly_flat_data_are_read(string shape, string data, int count)
    {
        using var batch = Read($$"""[{"name":"x","shape":{{shape}},"datatype":"INT64","data":{{data}}}]""");
        Assert.Equal(count, batch["x"].Count);
    }

    [Fact]
    public void Keys_may_come_in_any_order_and_parameters_and_unknown_keys_are_skipped()
    {
        using var batch = Read("""[{"data":[1,2],"parameters":{"a":[{}]},"datatype":"INT32","later":null,"shape":[2],"name":"x"}]""");
        Assert.Equal([1, 2], batch["x"].Values<int>().ToArray());
    }

    [Theory]
    [InlineData("""{"name":"x","shape":[3],"datatype":"FP32","data":[1,2]}""", "tensor 'x': shape [3] holds 3 elements, its data has 2")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FP32","data":[1,2]}""", "tensor 'x': shape [1] holds 1 elements, its data has more")]
    [InlineData("""{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2,3],[4]]}""", "tensor 'x'")]
    [InlineData("""{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2]]}""", "has 1 arrays along dimension 0, 2 expected")]
    [InlineData("""{"name":"x","shape":[2],"datatype":"FP32","data":[[1],[2]]}""", "nested deeper than its 1 dimensions")]
    [InlineData("""{"name":"x","shape":[2,1],"datatype":"FP32","data":[[1],2]}""", "mixes arrays and elements")]
    [InlineData("""{"name":"x","shape":[-1],"datatype":"FP32","data":[1]}""", "dimension 0 of its shape is -1")]
    [InlineData("""{"name":"x","shape":[1.5],"datatype":"FP32","data":[1]}""", "dimension 0 of its shape is not a whole number")]
    [InlineData("""{"name":"x","shape":5,"datatype":"FP32","data":[1]}""", "shape is a number")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FLOAT","data":[1]}""", "datatype is 'FLOAT'")]
    [InlineData("""{"name":"x","shape":[1],"datatype":7,"data":[1]}""", "datatype is a number")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FP32","data":["1"]}""", "element 0: FP32 cannot hold \"1\"")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FP32","data":[1e39]}""", "element 0: FP32 cannot hold 1e39")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FP16","data":[70000]}""", "element 0: FP16 cannot hold 70000")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FP64","data":[1e999]}""", "element 0: FP64 cannot hold 1e999")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"INT8","data":[128]}""", "element 0: INT8 cannot hold 128")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"UINT64","data":[-1]}""", "element 0: UINT64 cannot hold -1")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"INT64","data":[18446744073709551615]}""", "element 0: INT64 cannot hold 18446744073709551615")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"INT64","data":[1.5]}""", "element 0: INT64 cannot hold 1.5")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"BOOL","data":[2]}""", "element 0: BOOL cannot hold 2")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"BYTES","data":[1]}""", "element 0: BYTES cannot hold 1")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"BYTES","data":["\ud800"]}""", "element 0: BYTES cannot hold")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FP32","data":[{}]}""", "element 0: FP32 cannot hold an object")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FP32","data":[[1]]}""", "nested deeper")]
    [InlineData("""{"name":"x","shape":[2],"datatype":"FP32","data":1}""", "data is a number, an array of 2 elements expected")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FP32"}""", "tensor 'x': 'data' is absent")]
    [InlineData("""{"name":"x","datatype":"FP32","data":[1]}""", "tensor 'x': 'shape' is absent")]
    [InlineData("""{"name":"x","shape":[1],"data":[1]}""", "tensor 'x': 'datatype' is absent")]
    [InlineData("""{"shape":[1],"datatype":"FP32","data":[1]}""", "tensor 0: 'name' is absent")]
    [InlineData("""{"name":"","shape":[1],"datatype":"FP32","data":[1]}""", "tensor 0: its name is empty")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FP32","data":[1],"data":[1]}""", "tensor 'x': 'data' is given twice")]
    [InlineData("""{"name":"x","shape":[1],"shape":[1],"datatype":"FP32","data":[1]}""", "tensor 'x': 'shape' is given twice")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FP\ud800","data":[1]}""", "datatype is 'FP\\ud800'")]
    [InlineData("""{"name":"x","shape":[1],"datatype":"FP32","data":["Inf\ud800"]}""", "element 0: FP32 cannot hold")]
    [InlineData("""{"name":"\ud800","shape":[1],"datatype":"FP32","data":[1]}""", "tensor 0: its name is not valid Unicode text")]
    [InlineData("""{"na\ud800":"x","shape":[1],"datatype":"FP32","data":[1]}""", "tensor 0: 'name' is absent")]
    [InlineData("""7""", "tensor 0: an object expected, found a number")]
    public void A_malformed_tensor_is_refused_by_name_and_reason(string tensor, string reason)
    {
        var error = Assert.Throws<RecordException>(() => Read($"[{tensor}]"));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_given_twice_is_refused()
    {
        const string One = """{"name":"x","shape":[1],"datatype":"FP32","data":[1]}""";
        var error = Assert.Throws<RecordException>(() => Read($"[{One},{One}]"));
        Assert.Contains("'x' is given twice", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[2000000000]")]
    [InlineData("[50000,40000]")]
    [InlineData("[9223372036854775807,9223372036854775807]")]
    [InlineData("[5000]")]
    public void A_shape_larger_than_its_data_is_refused_before_anything_is_rented(string shape)
    {
        var json = Encoding.UTF8.GetBytes($$"""[{"name":"x","shape":{{shape}},"datatype":"FP64","data":[1]}]""");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<RecordException>(() => Read(json));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32_000);
        Assert.Contains("claims more elements than its data holds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_dimensions_or_tensors_than_the_limits_are_refused()
    {
        var shape = string.Join(',', Enumerable.Repeat("1", TensorJson.MaxRank + 1));
        Assert.Throws<RecordException>(() => Read($$"""[{"name":"x","shape":[{{shape}}],"datatype":"FP64","data":[1]}]"""));
        var tensors = string.Join(',', Enumerable.Range(0, TensorJson.MaxTensors + 1).Select(i => $$"""{"name":"{{i}}","shape":[0],"datatype":"INT8","data":[]}"""));
        Assert.Throws<RecordException>(() => Read($"[{tensors}]"));
        Assert.Throws<RecordException>(() => Read($$"""[{"name":"{{new string('n', TensorJson.MaxNameLength + 1)}}","shape":[0],"datatype":"FP64","data":[]}]"""));
    }

    [Fact]
    public void Text_cut_into_segments_at_any_place_reads_the_same()
    {
        const string Json = """[{"name":"caf\u00e9","shape":[2,2],"datatype":"FP32","data":[[0.1,-12.5e-3],[null,"Infinity"]]},{"name":"t","shape":[2],"datatype":"BYTES","data":["a\"b","日本"]}]""";
        var bytes = Encoding.UTF8.GetBytes(Json);
        using var whole = Read(bytes);
        var expected = Write(whole);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var first = new Segment(bytes.AsMemory(0, cut));
            var last = first.Append(bytes.AsMemory(cut));
            var reader = new Utf8JsonReader(new ReadOnlySequence<byte>(first, 0, last, bytes.Length - cut));
            reader.Read();
            using var batch = TensorJson.ReadTensors(ref reader);
            Assert.Equal(expected, Write(batch));
        }
    }

    [Fact]
    public void Truncated_text_is_a_json_error_at_every_length()
    {
        var bytes = """[{"name":"x","shape":[2],"datatype":"FP32","data":[0.1,2]}]"""u8.ToArray();
        for (var length = 1; length < bytes.Length; length++)
        {
            var part = bytes[..length];
            Assert.ThrowsAny<JsonException>(() => Read(part));
        }
    }

    [Theory]
    [InlineData(typeof(float))]
    [InlineData(typeof(double))]
    [InlineData(typeof(Half))]
    public void Any_finite_float_reads_back_bit_for_bit(Type type)
    {
        var random = new Random(17);
        const int Count = 5_000;
        using var batch = new Batch();
        var tensor = new Tensor("x", type == typeof(float) ? ElementType.Float32 : type == typeof(double) ? ElementType.Float64 : ElementType.Float16, Count);
        batch.Add(tensor);
        random.NextBytes(tensor.RawData);
        for (var i = 0; i < Count; i++)
        {
            if (!double.IsFinite(tensor.NumberAt(i))) tensor.RawData.Slice(i * tensor.Type.Size, tensor.Type.Size).Clear();
        }
        using var back = Read(Write(batch));
        Assert.Equal(tensor.RawData.ToArray(), back[0].RawData.ToArray());
    }

    [Fact]
    public void Decimal_text_reads_as_the_nearest_float()
    {
        var random = new Random(18);
        for (var i = 0; i < 5_000; i++)
        {
            var digits = random.Next(1, 22);
            var text = new StringBuilder(random.Next(2) == 0 ? "-" : "").Append(random.Next(1, 10));
            for (var d = 1; d < digits; d++) text.Append((char)('0' + random.Next(10)));
            if (random.Next(2) == 0) text.Insert(text.Length - random.Next(0, digits), '.');
            if (text[^1] == '.') text.Append('0');
            if (random.Next(3) == 0) text.Append('e').Append(random.Next(-30, 15));
            using var batch = Read($$"""[{"name":"f","shape":[1],"datatype":"FP32","data":[{{text}}]},{"name":"d","shape":[1],"datatype":"FP64","data":[{{text}}]}]""");
            Assert.Equal(float.Parse(text.ToString()), batch["f"].Values<float>()[0]);
            Assert.Equal(double.Parse(text.ToString()), batch["d"].Values<double>()[0]);
        }
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused_when_written()
    {
        using var batch = new Batch();
        var tensor = new Tensor("blob", ElementType.Bytes, 1);
        tensor.Append([0xFF, 0xFE]);
        batch.Add(tensor);
        Assert.Contains("'blob' element 0", Assert.Throws<RecordException>(() => Write(batch)).Message, StringComparison.Ordinal);
    }

    private static Batch Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    /// <summary>Reads token by token and by scanning, which must agree, in what is read as in what is refused.</summary>
    private static Batch Read(byte[] json)
    {
        Batch? scanned = null;
        SlipwayException? refused = null;
        try
        {
            scanned = ReadScanning(json);
        }
        catch (RecordException error)
        {
            refused = error;
        }
        catch (JsonException)
        {
        }
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            var batch = TensorJson.ReadTensors(ref reader);
            Assert.Equal(JsonTokenType.EndArray, reader.TokenType);
            Assert.False(reader.Read());
            Assert.NotNull(scanned);
            Assert.Equal(Write(batch), Write(scanned));
            return batch;
        }
        catch (RecordException error)
        {
            Assert.Equal(error.Message, refused?.Message);
            throw;
        }
        finally
        {
            scanned?.Dispose();
        }
    }

    private static Batch ReadScanning(byte[] json)
    {
        ReadOnlySpan<byte> text = json;
        var reader = new Utf8JsonReader(text);
        reader.Read();
        var batch = TensorJson.ReadTensors(ref reader, ref text);
        Assert.Equal(JsonTokenType.EndArray, reader.TokenType);
        Assert.False(reader.Read());
        return batch;
    }

    private static string Write(Batch batch)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) TensorJson.WriteTensors(writer, batch);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
