using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Message = Slipway.Tests.Models.OnnxMl.OnnxWriter;

namespace Slipway.Tests.Models.Formats.Onnx;

/// <summary>Files as they come from bad disks and worse people: each reads, or is refused by one kind of error, in memory of the file's own order.</summary>
public class OnnxHostileTests
{
    /// <summary>The models with the most kinds of messages: bodies, functions, sequences, sparse and quantised tensors, strings.</summary>
    private static readonly string[] Corpus =
    [
        "v1.22.0/node/test_loop16_seq_none", "v1.22.0/node/test_sequence_map_identity_1_sequence_1_tensor_expanded", "v1.22.0/node/test_dequantizelinear_int4", "v1.22.0/node/test_if_opt",
        "v1.22.0/node/test_scan9_sum", "v1.22.0/node/test_strnormalizer_export_monday_casesensintive_lower",
    ];

    public static TheoryData<string> Files => [.. Corpus, "everything"];

    private static byte[] Bytes(string name) => name == "everything" ? OnnxWriter.ToArray(OnnxWriterTests.Everything()) : File.ReadAllBytes(Path.Combine(Corpora.Find("onnx-backend"), name, "model.onnx"));

    private static string Refusal(byte[] file) => Assert.Throws<ModelException>(() => OnnxReader.Read(file, "bad.onnx", null)).Message;

    /// <summary>True when the file is read, false when it is refused; fails on everything else.</summary>
    private static bool Reads(byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            OnnxReader.Read(file, "bad.onnx", null);
            return true;
        }
        catch (ModelException e)
        {
            Assert.StartsWith("bad.onnx: ", e.Message);
            return false;
        }
        finally
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= 100L * file.Length + 100_000, $"{allocated} bytes allocated for a file of {file.Length}");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Files_cut_short_are_refused_or_whole_to_that_point(string name)
    {
        var bytes = Bytes(name);
        var refused = 0;
        for (var percent = 0; percent < 100; percent++)
        {
            if (!Reads(bytes[..(bytes.Length * percent / 100)])) refused++;
        }
        Assert.True(refused >= 90, $"only {refused} of 100 cut files were refused");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Damaged_files_are_read_or_refused(string name)
    {
        var bytes = Bytes(name);
        var random = new Random(17);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            if (Reads(DamagedBytes.Of("\u0008\u000a\u0012\u001a\u0022\u002a\u0032\u003a\u0000\u0001", bytes, random))) read++;
            else refused++;
        }
        Assert.True(read > 50 && refused > 50, $"{read} were read, {refused} refused: the damage tests nothing");
    }

    [Fact]
    public void Graphs_in_graphs_are_read_to_a_depth()
    {
        Assert.Contains("more than 64 deep", Refusal(Nested(70)));
        Assert.Contains("in graph.node[0].attribute[0].g.node[0]", Refusal(Nested(70)));
        Assert.True(Reads(Nested(60)));
        Assert.Contains("more than 64 deep", Refusal(Nested(20_000)));

        static byte[] Nested(int depth)
        {
            // from the inside out: each piece goes in front of all that it holds
            var pieces = new List<byte[]>();
            var length = 0L;
            for (var i = 0; i < depth; i++)
            {
                Put(Header(6, length));
                Put(new Message().Text(1, "body").ToArray());
                Put(Header(5, length));
                Put(new Message().Text(4, "If").ToArray());
                Put(Header(1, length));
            }
            Put(Header(7, length));
            pieces.Reverse();
            return [.. pieces.SelectMany(p => p)];

            void Put(byte[] piece)
            {
                pieces.Add(piece);
                length += piece.Length;
            }
        }
    }

    [Fact]
    public void Types_in_types_are_read_to_a_depth()
    {
        var type = new Message().Bytes(1, new Message().Varint(1, 1).ToArray()).ToArray();
        for (var i = 0; i < 40; i++) type = new Message().Bytes(4, new Message().Bytes(1, type).ToArray()).ToArray();
        var input = new Message().Text(1, "x").Bytes(2, type).ToArray();
        Assert.Contains("more than 32 deep", Refusal(Message.Model(Message.Graph([], [input], []), 1)));
    }

    [Theory]
    [InlineData("dimension -1 is not from 0 to 2147483647", -1L)]
    [InlineData("dimension 4294967296 is not from 0 to 2147483647", 1L << 32)]
    [InlineData("is larger than can be held", 65_536L, 65_536L)]
    [InlineData("is larger than can be held", 2_000_000_000L)]
    [InlineData("takes 400000000", 10_000L, 10_000L)]
    [InlineData("more than 64 dimensions", 1L, 1L, 65L)]
    public void Dimensions_that_cannot_be_are_refused(string message, params long[] dimensions)
    {
        if (dimensions is [1, 1, 65]) dimensions = [.. Enumerable.Repeat(1L, 65)];
        var tensor = new Message();
        foreach (var size in dimensions) tensor.Varint(1, size);
        var bytes = tensor.Varint(2, 1).Text(8, "w").Bytes(9, [1, 2, 3, 4]).ToArray();
        Assert.Contains(message, Refusal(Message.Model(Message.Graph([], [], [], [bytes]), 1)));
    }

    [Fact]
    public void Few_values_do_not_bring_a_large_tensor()
    {
        var tensor = new Message().Varint(1, 1_000_000_000).Varint(2, 2).Text(8, "w").Varint(5, 1).ToArray();
        var file = Message.Model(Message.Graph([], [], [], [tensor]), 1);
        Assert.Contains("which cannot be in", Refusal(file));
        Assert.False(Reads(file));
    }

    [Fact]
    public void Sparse_initializers_are_bounded_together()
    {
        var sparse = new Message()
            .Bytes(1, new Message().Varint(1, 1).Varint(2, 1).Text(8, "w").Bytes(9, [0, 0, 0x80, 0x3F]).ToArray())
            .Bytes(2, new Message().Varint(1, 1).Varint(2, 7).Bytes(9, [1, 0, 0, 0, 0, 0, 0, 0]).ToArray())
            .Varint(3, 1 << 20).ToArray();
        Assert.Equal(1f, OnnxReader.Read(Model(1), "x", null).Graph.Initializers[0].Tensor.Values<float>()[1]);
        Assert.Contains("more than 256 MB as dense tensors", Refusal(Model(65)));

        byte[] Model(int count)
        {
            var graph = new Message();
            for (var i = 0; i < count; i++) graph.Bytes(15, sparse);
            return Message.Model(graph.ToArray(), 1);
        }
    }

    [Fact]
    public void Sparse_indices_stay_inside()
    {
        foreach (var (index, size) in new[] { (5L, 5), (-1L, 5), (0L, 0) })
        {
            var sparse = new Message()
                .Bytes(1, new Message().Varint(1, 1).Varint(2, 1).Text(8, "w").Bytes(9, [0, 0, 0x80, 0x3F]).ToArray())
                .Bytes(2, new Message().Varint(1, 1).Varint(2, 7).Bytes(9, BitConverter.GetBytes(index)).ToArray())
                .Varint(3, size).ToArray();
            Assert.Contains("is outside of it", Refusal(Message.Model(new Message().Bytes(15, sparse).ToArray(), 1)));
        }
    }

    [Fact]
    public void Groups_and_segments_are_refused()
    {
        Assert.Contains("wire type 3 is not used", Refusal([0x0B]));
        var tensor = new Message().Varint(1, 1).Varint(2, 1).Bytes(3, [8, 0]).Text(8, "w").ToArray();
        Assert.Contains("a tensor in segments is not whole (in graph.initializer[0])", Refusal(Message.Model(Message.Graph([], [], [], [tensor]), 1)));
    }

    private static byte[] Header(int field, long length)
    {
        var bytes = new List<byte> { (byte)((field << 3) | 2) };
        for (; length >= 0x80; length >>= 7) bytes.Add((byte)(length | 0x80));
        bytes.Add((byte)length);
        return [.. bytes];
    }
}
