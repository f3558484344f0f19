using System.Globalization;
using Slipway.Core;
using Slipway.Models.Formats.Onnx;
using Slipway.Models.Graph;
using Message = Slipway.Tests.Models.OnnxMl.OnnxWriter;

namespace Slipway.Tests.Models.Formats.Onnx;

public class ExternalDataTests
{
    private static readonly float[] Values = [1, 2, 3, 4];

    private static byte[] Model(string location, long? offset = null, long? length = null, int type = 1, long count = 4)
    {
        var tensor = new Message().Varint(1, count).Varint(2, type).Text(8, "w").Bytes(13, Pair("location", location));
        if (offset is { } o) tensor.Bytes(13, Pair("offset", o.ToString(CultureInfo.InvariantCulture)));
        if (length is { } l) tensor.Bytes(13, Pair("length", l.ToString(CultureInfo.InvariantCulture)));
        return Message.Model(Message.Graph([], [], [], [tensor.Varint(14, 1).ToArray()]), 1);

        static byte[] Pair(string key, string value) => new Message().Text(1, key).Text(2, value).ToArray();
    }

    private static byte[] Bytes() => [.. Values.SelectMany(BitConverter.GetBytes)];

    private static TensorValue Read(TemporaryFolder folder, byte[] model) => OnnxReader.Read(model, "model.onnx", folder.Path).Graph.Initializers[0].Tensor;

    private static string Refusal(TemporaryFolder folder, byte[] model) => Assert.Throws<ModelException>(() => Read(folder, model)).Message;

    [Fact]
    public void Values_come_from_the_file_beside_the_model()
    {
        using var folder = new TemporaryFolder();
        folder.Write("weights/w.bin", [9, 9, 9, .. Bytes()]);
        Assert.Equal(Values, Read(folder, Model("weights/w.bin", 3, 16)).Values<float>().ToArray());
        Assert.Equal(Values, Read(folder, Model("./weights/w.bin", 3)).Values<float>().ToArray());
        Assert.Equal(0, Read(folder, Model("weights/w.bin", count: 0)).Count);
    }

    [Fact]
    public void Large_values_stay_where_they_lie()
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.bin", new byte[(4 << 20) + 5]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var tensor = Read(folder, Model("w.bin", 5, 4 << 20, count: 1 << 20));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(1 << 20, tensor.Count);
    }

    [Theory]
    [InlineData("../w.bin", "is not inside the model's folder")]
    [InlineData("a/../../w.bin", "is not inside the model's folder")]
    [InlineData("a\\..\\..\\w.bin", "is not inside the model's folder")]
    [InlineData("/etc/passwd", "is not inside the model's folder")]
    [InlineData("C:\\w.bin", "is not inside the model's folder")]
    [InlineData("\0", "is not inside the model's folder")]
    [InlineData("", "without a location")]
    [InlineData("absent.bin", "is absent")]
    [InlineData(".", "is absent")]
    [InlineData("empty.bin", "is empty")]
    public void Places_outside_of_the_folder_are_not_opened(string location, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("empty.bin", []);
        var refusal = Refusal(folder, Model(location));
        Assert.Contains(message, refusal);
        Assert.StartsWith("model.onnx: byte ", refusal);
        Assert.EndsWith("(in graph.initializer[0])", refusal);
    }

    [Fact]
    public void Links_are_not_followed()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("links need a privilege on Windows");
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        File.CreateSymbolicLink(Path.Combine(folder.Path, "w.bin"), elsewhere.Write("secret.bin", Bytes()));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "sub"), elsewhere.Path);
        Assert.Contains("links are not followed", Refusal(folder, Model("w.bin")));
        Assert.Contains("links are not followed", Refusal(folder, Model("sub/secret.bin")));
    }

    [Theory]
    [InlineData(1L, null, 1, 4L, "has 16 bytes, 16 bytes at 1 were expected")]
    [InlineData(long.MaxValue, null, 1, 4L, "were expected")]
    [InlineData(null, 12L, 1, 4L, "external data of 12 bytes, float[4] takes 16")]
    [InlineData(null, null, 1, 5L, "has 16 bytes, 20 bytes at 0 were expected")]
    [InlineData(null, null, 8, 4L, "strings cannot be external data")]
    public void What_does_not_fit_the_file_is_refused(long? offset, long? length, int type, long count, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.bin", Bytes());
        Assert.Contains(message, Refusal(folder, Model("w.bin", offset, length, type, count)));
    }

    [Fact]
    public void A_model_without_a_folder_has_no_external_data() =>
        Assert.Contains("did not come from a folder", Assert.Throws<ModelException>(() => OnnxReader.Read(Model("w.bin"), "model.onnx", null)).Message);
}
