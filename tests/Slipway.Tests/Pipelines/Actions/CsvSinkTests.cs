using Slipway.Core;
using Slipway.Pipelines.Actions;
using Slipway.Tests.Pipelines.Connectors;

namespace Slipway.Tests.Pipelines.Actions;

public sealed class CsvSinkTests : IDisposable
{
    private static readonly TableSchema Schema = new([new("id", ElementType.Int64), new("note", ElementType.Bytes)]);

    private readonly UseCaseFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Header_is_written_once_and_columns_are_those_of_the_spec()
    {
        var spec = new CsvSink("out/a.csv", ["note", "id"]);
        await WriteAsync(spec, "x");
        await WriteAsync(spec, "y");
        Assert.Equal("note,id\nx,1\ny,1\n", File.ReadAllText(_folder["out/a.csv"]));
    }

    [Fact]
    public async Task Torn_last_line_is_cut_off_wherever_the_crash_was()
    {
        var spec = new CsvSink("a.csv");
        await WriteAsync(spec, "first", "two\nlines, \"quoted\"");
        var whole = File.ReadAllBytes(_folder["a.csv"]);
        var complete = new[] { 0, "id,note\n".Length, "id,note\n1,first\n".Length, whole.Length };
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(_folder["a.csv"], whole[..length]);
            await WriteAsync(spec, "again");
            var kept = complete.Last(c => c <= length);
            var expected = System.Text.Encoding.UTF8.GetString(whole, 0, kept) + (kept == 0 ? "id,note\n" : "") + "1,again\n";
            Assert.Equal(expected, File.ReadAllText(_folder["a.csv"]));
        }
    }

    [Fact]
    public async Task File_moved_away_between_batches_is_started_anew()
    {
        await using var sink = new CsvSink("a.csv").Open(Schema, _folder.Context);
        await WriteAsync(sink, "x");
        File.Move(_folder["a.csv"], _folder["b.csv"]);
        await WriteAsync(sink, "y");
        Assert.Equal("id,note\n1,y\n", File.ReadAllText(_folder["a.csv"]));
        Assert.Equal("id,note\n1,x\n", File.ReadAllText(_folder["b.csv"]));
    }

    [Fact]
    public async Task File_of_other_columns_is_left_alone()
    {
        _folder.Write("a.csv", "id,other\n1,2\n");
        var error = await Assert.ThrowsAsync<SlipwayException>(() => WriteAsync(new CsvSink("a.csv"), "x"));
        Assert.Contains("id, other", error.Message);
        Assert.Equal("id,other\n1,2\n", File.ReadAllText(_folder["a.csv"]));
    }

    [Fact]
    public async Task Place_that_cannot_be_written_is_said()
    {
        _folder.Write("file", "x");
        var error = await Assert.ThrowsAsync<SlipwayException>(() => WriteAsync(new CsvSink("file/a.csv"), "x"));
        Assert.Contains("file/a.csv", error.Message);
    }

    [Fact]
    public void Columns_that_no_row_has_are_refused()
    {
        var error = Assert.Throws<SpecException>(() => new CsvSink("a.csv", ["id", "nots", "id", "id_0"]).Open(Schema, _folder.Context));
        Assert.Equal(["columns[1]", "columns[2]"], error.Problems.Select(p => p.Path));
        Assert.Contains("did you mean note?", error.Problems[0].Message);
        Assert.Contains("given twice", error.Problems[1].Message);
    }

    private async Task WriteAsync(CsvSink spec, params string[] notes)
    {
        await using var sink = spec.Open(Schema, _folder.Context);
        await WriteAsync(sink, notes);
    }

    private static async Task WriteAsync(ISink sink, params string[] notes)
    {
        using var rows = new Batch(Tensor.Of<long>("id", Enumerable.Range(1, notes.Length).Select(i => (long)i).ToArray()), Tensor.OfText("note", notes));
        await sink.WriteAsync(rows, "d", default);
    }
}
