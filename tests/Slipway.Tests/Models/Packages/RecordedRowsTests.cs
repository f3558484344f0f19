using System.Text;
using Slipway.Core;
using Slipway.Models.Packages;

namespace Slipway.Tests.Models.Packages;

public class RecordedRowsTests
{
    private const string Rows = """{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}],"outputs":[{"name":"y","shape":[2],"datatype":"FP32","data":[0,2]}]}""";

    private static (Batch Inputs, Batch Outputs) Parse(string json) => RecordedRows.Parse(Encoding.UTF8.GetBytes(json), "recorded/a.json");

    [Fact]
    public void What_is_written_is_read_back()
    {
        using var inputs = new Batch(Tensor.Of("x", [0.1f, float.NaN, float.PositiveInfinity]), Tensor.OfText("t", "a", null, "ü"));
        using var outputs = new Batch(Tensor.Of("y", [1L, long.MinValue]), Tensor.Of("ok", [true, false]));
        using var file = new MemoryStream();
        RecordedRows.Write(file, inputs, outputs);
        var (readInputs, readOutputs) = RecordedRows.Parse(file.ToArray(), "a.json");
        using (readInputs)
        using (readOutputs)
        {
            var comparer = new Slipway.Models.Parity.ParityComparer(Slipway.Models.Parity.Tolerance.Exact);
            comparer.Add(inputs, readInputs);
            comparer.Add(outputs, readOutputs);
            Assert.Equal((true, 5), (comparer.Report.Passed, comparer.Report.Rows));
        }
    }

    [Fact]
    public void Fields_of_a_request_and_an_answer_may_stay()
    {
        var (inputs, outputs) = Parse("""{"id":"7","parameters":{"a":[1]},"model_name":"m","model_version":"3",""" + Rows[1..]);
        Assert.Equal((2, 2), (inputs.Rows, outputs.Rows));
        inputs.Dispose();
        outputs.Dispose();
    }

    [Theory]
    [InlineData("", "recorded/a.json: not JSON")]
    [InlineData("[]", "an object with inputs and outputs expected")]
    [InlineData("{}", "it has no inputs")]
    [InlineData("""{"inputs":[]}""", "it has no inputs")]
    [InlineData("""{"inputs":{}}""", "an array of tensors expected, found an object")]
    [InlineData("""{"input":[]}""", "'input' is unknown; recorded rows have inputs and outputs")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[1]}]}""", "tensor 'x'")]
    [InlineData(Rows + "{}", "not JSON")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}],"inputs":[]}""", "'inputs' is given twice")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]}],"\uD800":1}""", "not JSON")]
    public void A_file_of_another_form_is_refused_by_name(string json, string message)
    {
        var error = Assert.Throws<ModelException>(() => Parse(json)).Message;
        Assert.Contains(message, error);
        Assert.StartsWith("recorded/a.json: ", error);
    }

    [Fact]
    public void Damaged_files_are_refused_or_read()
    {
        var random = new Random(29);
        for (var i = 0; i < 2_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(Rows);
            for (var flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0) bytes = bytes[..random.Next(bytes.Length)];
            try
            {
                var (inputs, outputs) = RecordedRows.Parse(bytes, "recorded/a.json");
                inputs.Dispose();
                outputs.Dispose();
            }
            catch (ModelException e)
            {
                Assert.StartsWith("recorded/a.json: ", e.Message);
            }
        }
    }

    [Fact]
    public void Reference_is_a_table_of_columns()
    {
        const string column = """{"name":"NAME","shape":[SHAPE],"datatype":"FP64","data":[DATA]}""";
        static string Column(string name, string shape, string data) => column.Replace("NAME", name).Replace("SHAPE", shape).Replace("DATA", data);
        using var folder = PackageFolder.Linear().Write("reference.json", $$"""{"inputs":[{{Column("a", "2", "1,2")}},{{Column("b", "2", "3,null")}}]}""");
        using (var reference = folder.Open().Reference())
        {
            Assert.Equal(["a", "b"], reference!.Select(t => t.Name));
            Assert.True(reference!["b"].IsMissing(1));
        }
        folder.Write("reference.json", $$"""{"inputs":[{{Column("a", "2", "1,2")}},{{Column("b", "1", "3")}}]}""");
        Assert.Contains("b FP64[1] is not a column of 2 rows", Assert.Throws<ModelException>(folder.Open().Reference).Message);
        folder.Write("reference.json", $$"""{"inputs":[{{Column("a", "1,2", "1,2")}}]}""");
        Assert.Contains("every tensor has the shape [rows]", Assert.Throws<ModelException>(folder.Open().Reference).Message);
    }
}
