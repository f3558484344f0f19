using Slipway.Core;
using Slipway.Models;
using Slipway.Models.Packages;

namespace Slipway.Tests.Models.Packages;

public class ParityReplayTests
{
    [Fact]
    public void A_doctored_output_fails_with_its_file_row_and_values()
    {
        using var folder = PackageFolder.Linear().Record("a", [1, 2], 0).Record("b", [1, 0, 3, 4], 2, 2.5f);
        var report = folder.Verify();
        Assert.False(report.Passed);
        Assert.Equal((3, 0.5, 0.2), (report.Rows, report.MaxAbsolute, report.MaxRelative));
        Assert.StartsWith("recorded/b.json: output 'y' row 1: expected 2.5, found 2 (0.5 absolute", report.Reason);
    }

    [Fact]
    public void One_unit_in_the_last_place_passes_by_default_and_fails_when_the_package_says_exact()
    {
        using var folder = PackageFolder.Linear().Record("a", [1, 0], float.BitIncrement(2));
        Assert.Equal((true, 1L), (folder.Verify().Passed, folder.Verify().MaxUlp));
        folder.Write("model.yaml", "tolerance: { relative: 0, absolute: 0 }");
        Assert.False(folder.Verify().Passed);
    }

    [Fact]
    public void NaN_is_recorded_as_null_and_compared_as_NaN()
    {
        using var folder = PackageFolder.Linear().Record("a", [float.NaN, 0, 1, 0], float.NaN, 2);
        Assert.True(folder.Verify().Passed);
        folder.Record("a", [1, 0, 1, 0], float.NaN, 2);
        Assert.Contains("row 0: expected missing, found 2", folder.Verify().Reason);
    }

    [Theory]
    [InlineData("""[{"name":"y","shape":[1,1],"datatype":"FP32","data":[2]}]""", "output 'y' has shape [1], expected [1,1]")]
    [InlineData("""[{"name":"y","shape":[1],"datatype":"FP64","data":[2]}]""", "output 'y' has type FP32, expected FP64")]
    [InlineData("""[{"name":"z","shape":[1],"datatype":"FP32","data":[2]}]""", "output 'z' is absent; there are: y")]
    public void An_output_of_another_form_fails(string outputs, string reason)
    {
        using var folder = PackageFolder.Linear()
            .Write("recorded/a.json", $$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,0]}],"outputs":{{outputs}}}""");
        Assert.Equal($"recorded/a.json: {reason}", folder.Verify().Reason);
    }

    [Fact]
    public void Recorded_inputs_that_the_model_refuses_fail()
    {
        using var folder = PackageFolder.Linear()
            .Write("recorded/a.json", """{"inputs":[{"name":"q","shape":[1],"datatype":"FP32","data":[1]}],"outputs":[{"name":"y","shape":[1],"datatype":"FP32","data":[2]}]}""");
        Assert.StartsWith("recorded/a.json: the model refuses the recorded inputs: input 'x' is absent", folder.Verify().Reason);
    }

    [Fact]
    public void Recorded_columns_are_gathered_like_those_of_a_request()
    {
        using var folder = PackageFolder.Linear("signature: { inputs: [ { name: x, columns: [a, b] } ] }").Write(
            "recorded/a.json",
            """{"inputs":[{"name":"b","shape":[1],"datatype":"INT64","data":[3]},{"name":"a","shape":[1],"datatype":"FP64","data":[5]}],"outputs":[{"name":"y","shape":[1],"datatype":"FP32","data":[7]}]}""");
        Assert.Equal(new ParityReport(true, 1, 0, 0, 0, null), folder.Verify());
    }

    [Fact]
    public void Recorded_files_that_prove_nothing_are_refused()
    {
        using var folder = PackageFolder.Linear().Write("recorded/a.json", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,0]}]}""");
        Assert.Equal("recorded/a.json: it has no outputs: nothing to compare", Assert.Throws<ModelException>(folder.Verify).Message);
        folder.Write("recorded/a.json", "{}").Write("recorded/rows.jsn", "{}");
        Assert.Contains("it has no inputs", Assert.Throws<ModelException>(folder.Verify).Message);
        File.Delete(folder.At("recorded/a.json"));
        Assert.Contains("rows.jsn: recorded rows are files named *.json", Assert.Throws<ModelException>(folder.Verify).Message);
    }

    [Fact]
    public void Test_data_sets_are_replayed_by_position_in_the_order_of_their_numbers()
    {
        // TensorProto: dims 1 and 2, FLOAT, raw_data 1, 0; and dims 1, FLOAT, raw_data 2 or 3
        byte[] input = [0x08, 1, 0x08, 2, 0x10, 1, 0x42, 1, (byte)'q', 0x4A, 8, 0, 0, 0x80, 0x3F, 0, 0, 0, 0];
        byte[] two = [0x08, 1, 0x10, 1, 0x4A, 4, 0, 0, 0, 0x40];
        byte[] three = [0x08, 1, 0x10, 1, 0x4A, 4, 0, 0, 0x40, 0x40];
        using var folder = PackageFolder.Linear();
        for (var i = 0; i < 11; i++) folder.Write($"test_data_set_{i}/input_0.pb", input).Write($"test_data_set_{i}/output_0.pb", two);
        Assert.Equal(new ParityReport(true, 11, 0, 0, 0, null), folder.Verify());
        folder.Write("test_data_set_10/output_0.pb", three).Write("test_data_set_2/output_0.pb", three);
        Assert.StartsWith("test_data_set_2: output 'y' row 0: expected 3, found 2", folder.Verify().Reason);

        folder.Write("test_data_set_1/output_1.pb", two);
        Assert.Contains("test_data_set_1: 2 outputs are recorded, the model has 1", Assert.Throws<ModelException>(folder.Verify).Message);
        File.Delete(folder.At("test_data_set_1/output_1.pb"));
        File.Delete(folder.At("test_data_set_1/output_0.pb"));
        Assert.Contains("no output_0.pb", Assert.Throws<ModelException>(folder.Verify).Message);
        folder.Write("test_data_set_1/output_0.pb", two[..^1]);
        Assert.Contains("output_0.pb: byte", Assert.Throws<ModelException>(folder.Verify).Message);
        folder.Write("test_data_set_1/output_0.pb", []);
        Assert.Contains("output_0.pb: no element type", Assert.Throws<ModelException>(folder.Verify).Message);
    }

    [Fact]
    public void Real_onnx_folders_verify_as_they_are()
    {
        var corpus = Corpora.Find("onnx-backend");
        string[] tests = ["test_abs", "test_add", "test_gemm_default_no_bias", "test_softmax_example", "test_conv_with_strides_padding"];
        var verified = 0;
        foreach (var test in tests)
        {
            foreach (var folder in Directory.EnumerateDirectories(corpus, test, SearchOption.AllDirectories))
            {
                var package = ModelPackage.Open(folder, Runtimes.Default);
                using var model = package.Load();
                var report = package.Verify(model);
                Assert.True(report is { Passed: true, Rows: > 0 }, $"{folder}: {report}");
                verified++;
            }
        }
        Assert.True(verified >= tests.Length);
    }
}
