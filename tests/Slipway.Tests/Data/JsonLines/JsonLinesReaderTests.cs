using System.Text;
using Slipway.Core;
using Slipway.Data;
using Slipway.Data.JsonLines;
using Slipway.Tests.Data.Csv;
using Slipway.Tests.Pipelines.Connectors;

namespace Slipway.Tests.Data.JsonLines;

public sealed class JsonLinesReaderTests : IDisposable
{
    private readonly UseCaseFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_are_the_keys_of_the_first_rows()
    {
        using var reader = Open("""
            {"id":1,"city":"Bern","ok":true,"mixed":1,"deep":{"a":[1]},"none":null}
            {"city":null,"id":2.5,"late":"x","mixed":true,"deep":"y"}
            """);
        Assert.Equal("id FP64, city BYTES, ok BOOL, mixed BYTES, deep BYTES, none FP64, late BYTES", reader.Schema.ToString());
        using var rows = reader.Read(10)!;
        Assert.Equal("1 2.5", UseCaseFolder.Column(rows, "id"));
        Assert.Equal("Bern -", UseCaseFolder.Column(rows, "city"));
        Assert.Equal("1 -", UseCaseFolder.Column(rows, "ok"));
        Assert.Equal("1 true", UseCaseFolder.Column(rows, "mixed"));
        Assert.Equal("{\"a\":[1]} y", UseCaseFolder.Column(rows, "deep"));
        Assert.Equal("- x", UseCaseFolder.Column(rows, "late"));
    }

    [Theory]
    [InlineData("""{"n":"warm"}""", "a number expected, \"warm\" found")]
    [InlineData("""{"n":[1]}""", "a number expected, [1] found")]
    [InlineData("""{"n":1e999}""", "a number expected")]
    [InlineData("""{"n":1,"n":2}""", "given twice")]
    [InlineData("""{"n":1} 2""", "not a JSON object")]
    [InlineData("""{"n":1""", "not a JSON object")]
    [InlineData("""[1]""", "not a JSON object")]
    [InlineData("""7""", "not a JSON object")]
    [InlineData("""{"t":"\ud800"}""", "not a JSON object")]
    public void Line_that_is_no_row_is_a_fault(string line, string reason)
    {
        using var reader = Open($"{{\"n\":1,\"t\":\"x\"}}\n{line}\n\n{{\"n\":2}}\n", new TableReadOptions(Types: new Dictionary<string, ElementType> { ["n"] = ElementType.Float64 }));
        using var rows = reader.Read(10)!;
        Assert.Equal("1 2", UseCaseFolder.Column(rows, "n"));
        var fault = Assert.Single(reader.Faults);
        Assert.Equal((2, line), (fault.Line, fault.Raw));
        Assert.Contains(reason, fault.Reason);
    }

    [Fact]
    public void Missing_tokens_and_spelt_numbers_are_understood()
    {
        using var reader = Open("{\"n\":\"NA\",\"m\":1}\n{\"n\":\"NaN\",\"m\":true}\n{\"n\":\"-Infinity\",\"m\":false}\n",
            new TableReadOptions(Missing: ["NA"], Types: new Dictionary<string, ElementType> { ["n"] = ElementType.Float64, ["m"] = ElementType.Float64 }));
        using var rows = reader.Read(10)!;
        Assert.Empty(reader.Faults);
        Assert.Equal($"- NaN {double.NegativeInfinity}", UseCaseFolder.Column(rows, "n"));
        Assert.Equal("1 1 0", UseCaseFolder.Column(rows, "m"));
    }

    [Fact]
    public void Line_that_is_too_long_is_a_fault_and_the_next_one_is_read()
    {
        using var reader = Open($"{{\"n\":1}}\n{{\"n\":\"{new string('x', 3 << 20)}\"}}\r\n{{\"n\":2}}", new TableReadOptions(Types: new Dictionary<string, ElementType> { ["n"] = ElementType.Float64 }));
        using var rows = reader.Read(10)!;
        Assert.Equal("1 2", UseCaseFolder.Column(rows, "n"));
        var fault = Assert.Single(reader.Faults);
        Assert.Contains("longer than 1 MiB", fault.Reason);
        Assert.True(fault.Raw.Length < 10_000);
        Assert.Equal([1L, 3L], reader.Lines);
    }

    [Fact]
    public void File_without_objects_is_refused() => Assert.Contains("t.jsonl", Assert.Throws<SlipwayException>(() => Open("1\n2\n")).Message);

    [Fact]
    public void Damaged_files_give_faults_and_nothing_worse()
    {
        var original = Encoding.UTF8.GetBytes("{\"id\":1,\"city\":\"Z\u00fcrich \\u00fc \\\"x\\\"\",\"deep\":{\"a\":[1,2]}}\n{\"id\":2,\"city\":null,\"deep\":true}\n{\"id\":-3e-7}\n");
        var random = new Random(43);
        var (rows, faults) = (0, 0);
        for (var round = 0; round < 2000; round++)
        {
            File.WriteAllBytes(_folder["t.jsonl"], CsvReaderTests.Damage(original, random));
            try
            {
                using var reader = new JsonLinesReader(_folder["t.jsonl"], TableReadOptions.Default);
                while (reader.Read(2) is { } batch)
                {
                    using (batch) rows += batch.Rows;
                    faults += reader.Faults.Count;
                }
            }
            catch (SlipwayException e)
            {
                Assert.Contains("t.jsonl", e.Message);
            }
        }
        Assert.True(rows > 2000 && faults > 500, $"{rows} rows, {faults} faults: the mutations no longer hit both");
    }

    private JsonLinesReader Open(string text, TableReadOptions? options = null)
    {
        _folder.Write("t.jsonl", text);
        return new JsonLinesReader(_folder["t.jsonl"], options ?? TableReadOptions.Default);
    }
}
