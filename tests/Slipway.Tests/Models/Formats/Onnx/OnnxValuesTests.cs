using System.Globalization;
using System.IO.Compression;
using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Message = Slipway.Tests.Models.OnnxMl.OnnxWriter;

namespace Slipway.Tests.Models.Formats.Onnx;

public class OnnxValuesTests
{
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Models", "Formats", "Onnx", "fixtures");

    private static readonly TensorType Floats = new(DataType.Float32);

    private static byte[] Tensor(params double[] values) => Message.Tensor("", 1, values);

    private static string Refusal(byte[] file, GraphType? type) => Assert.Throws<ModelException>(() => OnnxValues.Read(file, "input_0.pb", type)).Message;

    // written by the Python package, see make_tensors.py
    [Fact]
    public void Tensors_read_as_onnx_wrote_them()
    {
        var compared = 0;
        foreach (var row in File.ReadLines(Path.Combine(Fixtures, "expected.tsv")).Select(l => l.Split('\t')))
        {
            var tensor = Assert.IsType<TensorValue>(OnnxValues.Read(Path.Combine(Fixtures, row[0] + ".pb"), null));
            Assert.Equal(row[2], string.Join(',', tensor.Shape.ToArray()));
            string[] values = tensor.Count == 0 ? [] : row[3].Split('|');
            for (var i = 0; i < values.Length; i++)
            {
                compared++;
                if (tensor.Element == DataType.String) Assert.Equal(values[i], tensor.Strings[i]);
                else if (tensor.Element == DataType.UInt64) Assert.Equal(ulong.Parse(values[i], CultureInfo.InvariantCulture), tensor.Values<ulong>()[i]);
                else if (tensor.Element == DataType.Int64) Assert.Equal(long.Parse(values[i], CultureInfo.InvariantCulture), tensor.Values<long>()[i]);
                else Assert.Equal(double.Parse(values[i], CultureInfo.InvariantCulture), tensor.NumberAt(i));
            }
        }
        Assert.True(compared > 100);
    }

    [Fact]
    public void Sequences_hold_tensors_and_sequences()
    {
        var flat = new Message().Text(1, "s").Varint(2, 1).Bytes(3, Tensor(1, 2)).Bytes(3, Tensor(3)).ToArray();
        var sequence = Assert.IsType<SequenceValue>(OnnxValues.Read(flat, "s", new SequenceType(Floats)));
        Assert.Equal(["float[2]", "float[1]"], sequence.Items.Select(i => i.Type.ToString()));
        var nested = new Message().Varint(2, 3).Bytes(5, flat).Bytes(5, []).ToArray();
        var outer = Assert.IsType<SequenceValue>(OnnxValues.Read(nested, "s", new SequenceType(new SequenceType(Floats))));
        Assert.Equal([2, 0], outer.Items.Select(i => Assert.IsType<SequenceValue>(i).Items.Count));
        Assert.Empty(Assert.IsType<SequenceValue>(OnnxValues.Read(Array.Empty<byte>(), "s", new SequenceType(Floats))).Items);
    }

    [Fact]
    public void Optional_values_are_there_or_not()
    {
        var present = Assert.IsType<OptionalValue>(OnnxValues.Read(new Message().Varint(2, 1).Bytes(3, Tensor(5)).ToArray(), "o", new OptionalType(Floats)));
        Assert.Equal(5f, present.Content!.AsTensor.Values<float>()[0]);
        Assert.Null(Assert.IsType<OptionalValue>(OnnxValues.Read(Array.Empty<byte>(), "o", new OptionalType(Floats))).Content);
        var sequence = Assert.IsType<OptionalValue>(OnnxValues.Read(new Message().Varint(2, 3).Bytes(5, new Message().Bytes(3, Tensor(1)).ToArray()).ToArray(), "o", new OptionalType(new SequenceType(Floats))));
        Assert.Single(Assert.IsType<SequenceValue>(sequence.Content).Items);
    }

    [Fact]
    public void Maps_pair_keys_with_values()
    {
        var values = new Message().Bytes(3, Tensor(0.25)).Bytes(3, Tensor(0.75)).ToArray();
        var type = new MapType(DataType.Int64, Floats);
        var map = Assert.IsType<MapValue>(OnnxValues.Read(new Message().Varint(2, 7).Varint(3, 10).Varint(3, 20).Bytes(5, values).ToArray(), "m", type));
        Assert.Equal([10L, 20], map.Keys.Values<long>().ToArray());
        Assert.Equal([0.25f, 0.75f], map.Values.Values<float>().ToArray());
        var named = Assert.IsType<MapValue>(OnnxValues.Read(new Message().Varint(2, 8).Text(4, "a").Text(4, "b").Bytes(5, values).ToArray(), "m", type));
        Assert.Equal(["a", "b"], named.Keys.Strings.ToArray());
        Assert.Contains("1 keys and 2 values", Refusal(new Message().Varint(2, 8).Text(4, "a").Bytes(5, values).ToArray(), type));
        Assert.Contains("one float was expected", Refusal(new Message().Varint(2, 8).Text(4, "a").Bytes(5, new Message().Bytes(3, Tensor(1, 2)).ToArray()).ToArray(), type));
    }

    [Fact]
    public void Values_in_values_are_read_to_a_depth()
    {
        byte[] value = [];
        for (var i = 0; i < 40; i++) value = new Message().Bytes(5, value).ToArray();
        Assert.Contains("more than 32 deep", Refusal(value, new SequenceType(Floats)));
    }

    // what numpy.savez writes of array([[1, 2, 3], [4, 5, 6]]) in both orders, of texts and of a scalar
    [Fact]
    public void Arrays_of_NumPy_are_tensors()
    {
        byte[] rows = [.. new[] { 1f, 2, 3, 4, 5, 6 }.SelectMany(BitConverter.GetBytes)];
        byte[] columns = [.. new[] { 1f, 4, 2, 5, 3, 6 }.SelectMany(BitConverter.GetBytes)];
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "io.npz");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            Add("c.npy", Npy("<f4", false, "(2, 3)", rows));
            Add("f.npy", Npy("<f4", true, "(2, 3)", columns));
            Add("s.npy", Npy("<U2", false, "(2,)", Encoding.UTF32.GetBytes("ab\u00e4\0")));
            Add("n.npy", Npy("<i8", false, "()", BitConverter.GetBytes(7L)));

            void Add(string name, byte[] bytes)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(bytes);
            }
        }
        var arrays = NumpyArchive.Read(path);
        Assert.Equal(["c", "f", "s", "n"], arrays.Keys);
        Assert.Equal("float[2,3]", arrays["f"].Type.ToString());
        Assert.Equal(arrays["c"].Values<float>().ToArray(), arrays["f"].Values<float>().ToArray());
        Assert.Equal(["ab", "\u00e4"], arrays["s"].Strings.ToArray());
        Assert.Equal((0, 7L), (arrays["n"].Rank, arrays["n"].Values<long>()[0]));
    }

    [Theory]
    [InlineData("<f4", "(2, 3)", 20, "20 bytes of elements, [2,3] of 4 bytes each were expected")]
    [InlineData(">f4", "(1,)", 4, "big-endian")]
    [InlineData("<f16", "(1,)", 16, "elements of type f16")]
    [InlineData("|O", "(1,)", 8, "no type and shape")]
    [InlineData("<f4", "(-1,)", 4, "the shape is (-1,)")]
    [InlineData("<f4", "(100000, 100000)", 4, "larger than can be held")]
    [InlineData("<U0", "(1000000,)", 0, "empty texts")]
    public void Arrays_that_are_no_tensors_are_refused(string type, string shape, int bytes, string message) =>
        Assert.Contains(message, Assert.Throws<ModelException>(() => NumpyArchive.ReadArray(Npy(type, false, shape, new byte[bytes]), "a.npy")).Message);

    [Fact]
    public void Damaged_arrays_are_read_or_refused()
    {
        var bytes = Npy("<f4", false, "(2, 3)", new byte[24]);
        var random = new Random(3);
        for (var i = 0; i < 2_000; i++)
        {
            try
            {
                NumpyArchive.ReadArray(DamagedBytes.Of("'<>|(),0123456789", bytes, random), "a.npy");
            }
            catch (ModelException)
            {
            }
        }
    }

    private static byte[] Npy(string type, bool fortran, string shape, byte[] data)
    {
        var header = Encoding.Latin1.GetBytes($"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
        return [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. header, .. data];
    }
}
