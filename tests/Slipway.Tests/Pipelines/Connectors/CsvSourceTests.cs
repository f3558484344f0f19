using Slipway.Core;
using Slipway.Pipelines.Connectors;

namespace Slipway.Tests.Pipelines.Connectors;

public sealed class CsvSourceTests : IDisposable
{
    private readonly UseCaseFolder _folder = new();

    private string? _position;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Schema_has_numbers_where_every_cell_is_one()
    {
        _folder.Write("a.csv", "id,temp,city\n1,20.5,Bern\n2,,Basel\n3,1e-3,7\n");
        var schema = await Source(new CsvSource("a.csv")).DiscoverAsync(default);
        Assert.Equal("id FP64, temp FP64, city BYTES", schema!.ToString());
    }

    [Fact]
    public async Task Schema_is_null_until_there_is_a_row()
    {
        var source = Source(new CsvSource("in/*.csv", Follow: true));
        Assert.Null(await source.DiscoverAsync(default));
        _folder.Write("in/a.csv", "id,temp");
        Assert.Null(await source.DiscoverAsync(default));
        _folder.Write("in/a.csv", "id,temp\n1,2");
        Assert.Null(await source.DiscoverAsync(default));
        _folder.Write("in/a.csv", "id,temp\n1,2\n");
        Assert.NotNull(await source.DiscoverAsync(default));
    }

    [Fact]
    public async Task Columns_given_in_the_spec_are_not_guessed()
    {
        _folder.Write("a.csv", "zip,temp\n8001,1\n");
        var columns = new Dictionary<string, ColumnKind> { ["zip"] = ColumnKind.Text };
        var schema = await Source(new CsvSource("a.csv", Columns: columns)).DiscoverAsync(default);
        Assert.Equal("zip BYTES, temp FP64", schema!.ToString());
        var wrong = new Dictionary<string, ColumnKind> { ["zipp"] = ColumnKind.Text };
        var error = await Assert.ThrowsAsync<SlipwayException>(async () => await Source(new CsvSource("a.csv", Columns: wrong)).DiscoverAsync(default));
        Assert.Contains("zipp", error.Message);
        Assert.Contains("a.csv", error.Message);
    }

    [Fact]
    public async Task Files_are_read_in_the_order_of_their_names_and_once()
    {
        _folder.Write("b.csv", "id\n3\n4\n");
        _folder.Write("a.csv", "id\n1\n2");
        var spec = new CsvSource("*.csv");
        Assert.Equal("1 2 3 4", await ReadAll(spec));
        Assert.Equal("", await ReadAll(spec));
    }

    [Fact]
    public async Task Following_takes_a_row_only_once_its_line_end_is_there()
    {
        _folder.Write("a.csv", "id\n1\n2");
        var spec = new CsvSource("a.csv", Follow: true);
        Assert.Equal("1", await ReadAll(spec));
        _folder.Append("a.csv", "3");
        Assert.Equal("", await ReadAll(spec));
        _folder.Append("a.csv", "\n4\n");
        Assert.Equal("23 4", await ReadAll(spec));
    }

    [Fact]
    public async Task Following_waits_for_the_end_of_a_quoted_field()
    {
        _folder.Write("a.csv", "id,note\n1,x\n2,\"first\n");
        var spec = new CsvSource("a.csv", Follow: true);
        Assert.Equal("1", await ReadAll(spec));
        _folder.Append("a.csv", "second\"\n");
        Assert.Equal("2", await ReadAll(spec));
    }

    [Fact]
    public async Task Following_sees_new_files_and_rows_appended_to_any_file()
    {
        _folder.Write("a.csv", "id\n1\n");
        var spec = new CsvSource("*.csv", Follow: true);
        Assert.Equal("1", await ReadAll(spec));
        _folder.Write("b.csv", "id\n3\n");
        _folder.Append("a.csv", "2\n");
        Assert.Equal("2 3", await ReadAll(spec));
        _folder.Append("a.csv", "4\n");
        Assert.Equal("4", await ReadAll(spec));
    }

    [Fact]
    public async Task Line_end_that_comes_after_the_last_row_was_taken_is_no_row()
    {
        _folder.Write("a.csv", "id\n1\n2");
        var spec = new CsvSource("a.csv");
        Assert.Equal("1 2", await ReadAll(spec));
        _folder.Append("a.csv", "\r\n3\n");
        Assert.Equal("3", await ReadAll(spec));
    }

    [Fact]
    public async Task Replaced_file_is_read_from_its_start()
    {
        _folder.Write("a.csv", "id\n1\n2\n3\n");
        var spec = new CsvSource("a.csv", Follow: true);
        Assert.Equal("1 2 3", await ReadAll(spec));
        _folder.Write("a.csv", "id\n7\n8\n9\n10\n");
        Assert.Equal("7 8 9 10", await ReadAll(spec));
    }

    [Fact]
    public async Task Truncated_file_is_read_from_its_start()
    {
        _folder.Write("a.csv", "id\n1\n2\n3\n");
        var spec = new CsvSource("a.csv", Follow: true);
        Assert.Equal("1 2 3", await ReadAll(spec));
        _folder.Write("a.csv", "id\n4\n");
        Assert.Equal("4", await ReadAll(spec));
    }

    [Fact]
    public async Task New_file_that_starts_like_one_that_is_gone_is_read()
    {
        _folder.Write("1.csv", "id\n1\n");
        var spec = new CsvSource("*.csv", Follow: true);
        Assert.Equal("1", await ReadAll(spec));
        File.Delete(_folder["1.csv"]);
        _folder.Write("2.csv", "id\n1\n2\n");
        Assert.Equal("1 2", await ReadAll(spec));
    }

    [Fact]
    public async Task File_written_anew_with_more_rows_is_read_on()
    {
        _folder.Write("a.csv", "id\n1\n");
        var spec = new CsvSource("*.csv");
        Assert.Equal("1", await ReadAll(spec));
        _folder.Write("a.new", "id\n1\n2\n");
        File.Move(_folder["a.new"], _folder["a.csv"], overwrite: true);
        Assert.Equal("2", await ReadAll(spec));
    }

    [Fact]
    public async Task Copied_and_truncated_log_loses_nothing()
    {
        _folder.Write("log.csv", "id\n1\n");
        var spec = new CsvSource("log*.csv", Follow: true);
        Assert.Equal("1", await ReadAll(spec));
        _folder.Append("log.csv", "2\n");
        File.Copy(_folder["log.csv"], _folder["log-1.csv"]);
        _folder.Write("log.csv", "id\n3\n");
        // A copy is another file: what was read before comes again (at least once).
        Assert.Equal("1 2 3", await ReadAll(spec));
    }

    [Fact]
    public async Task Rotated_file_goes_on_under_its_new_name()
    {
        _folder.Write("log.csv", "id\n1\n2\n");
        if (FileIdentity.Of(_folder["log.csv"]) is null) Assert.Skip("the file system of the temporary folder does not keep when a file was born");
        var spec = new CsvSource("log*.csv", Follow: true);
        Assert.Equal("1 2", await ReadAll(spec));
        _folder.Append("log.csv", "3\n");
        File.Move(_folder["log.csv"], _folder["log-1.csv"]);
        _folder.Write("log.csv", "id\n4\n");
        Assert.Equal("3 4", await ReadAll(spec));
    }

    [Fact]
    public async Task Columns_of_a_later_file_may_stand_in_another_order()
    {
        _folder.Write("a.csv", "id,city\n1,Bern\n");
        _folder.Write("b.csv", "city,id\n\"Ba\"\"sel\",2\n,3\nx,y,z\n");
        await using var source = Source(new CsvSource("*.csv"));
        var schema = await source.DiscoverAsync(default);
        using var batch = await source.ReadAsync(schema!, null, 100, default);
        Assert.Equal("1 2 3", UseCaseFolder.Column(batch!.Rows, "id"));
        Assert.Equal("Bern Ba\"sel -", UseCaseFolder.Column(batch.Rows, "city"));
        Assert.Equal(["1,Bern", "2,\"Ba\"\"sel\"", "3,"], batch.Raw);
        Assert.Equal("x,y,z", Assert.Single(batch.Faults).Raw);
        using var again = source.Parse(schema!, batch.Raw);
        Assert.Empty(again.Faults);
        Assert.Equal("Bern Ba\"sel -", UseCaseFolder.Column(again.Rows, "city"));
    }

    [Fact]
    public async Task Later_file_with_other_columns_stops_the_source_after_the_rows_before_it()
    {
        _folder.Write("a.csv", "id,temp\n1,2\n");
        _folder.Write("b.csv", "id,humidity\n1,2\n");
        await using var source = Source(new CsvSource("*.csv"));
        var schema = (await source.DiscoverAsync(default))!;
        using var batch = await source.ReadAsync(schema, null, 100, default);
        Assert.Equal(1, batch!.Rows.Rows);
        var error = await Assert.ThrowsAsync<SlipwayException>(async () => await source.ReadAsync(schema, batch.Position, 100, default));
        Assert.Contains("b.csv", error.Message);
        Assert.Contains("lacks temp", error.Message);
        Assert.Contains("also has humidity", error.Message);
    }

    [Fact]
    public async Task Bad_rows_are_faults_and_the_good_ones_go_on()
    {
        _folder.Write("a.csv", "id,temp\n1,2\n2,warm\n3\n\"4,5\n6,7\n\n8,9\n");
        await using var source = Source(new CsvSource("a.csv", Columns: new Dictionary<string, ColumnKind> { ["temp"] = ColumnKind.Number }));
        var schema = new TableSchema([new("id", ElementType.Float64), new("temp", ElementType.Float64)]);
        using var batch = await source.ReadAsync(schema, null, 100, default);
        Assert.Equal("1 6 8", UseCaseFolder.Column(batch!.Rows, "id"));
        Assert.Equal(["2,warm", "3", "\"4,5"], batch.Faults.Select(f => f.Raw));
        Assert.Contains("column 'temp': 'warm' is not a number", batch.Faults[0].Reason);
        Assert.Contains("1 fields, 2 expected", batch.Faults[1].Reason);
        Assert.Contains("never closed", batch.Faults[2].Reason);
    }

    [Fact]
    public async Task Missing_tokens_and_delimiter_are_those_of_the_spec()
    {
        _folder.Write("a.csv", "id;temp;city\n1; NA ;?\n2;3.5; x\n");
        var spec = new CsvSource("a.csv", Missing: ["NA", "?"], Delimiter: ';');
        await using var source = Source(spec);
        var schema = (await source.DiscoverAsync(default))!;
        Assert.Equal("id FP64, temp FP64, city BYTES", schema.ToString());
        using var batch = await source.ReadAsync(schema, null, 100, default);
        Assert.Equal("- 3.5", UseCaseFolder.Column(batch!.Rows, "temp"));
        Assert.Equal("-  x", UseCaseFolder.Column(batch.Rows, "city"));
    }

    [Fact]
    public async Task File_without_header_has_numbered_columns()
    {
        _folder.Write("a.csv", "\uFEFF1,x\n2,y\n");
        await using var source = Source(new CsvSource("a.csv", Header: false));
        var schema = (await source.DiscoverAsync(default))!;
        Assert.Equal("column_0 FP64, column_1 BYTES", schema.ToString());
        using var batch = await source.ReadAsync(schema, null, 100, default);
        Assert.Equal("1 2", UseCaseFolder.Column(batch!.Rows, "column_0"));
    }

    [Fact]
    public async Task Position_stays_small_however_many_files_pass()
    {
        var spec = new CsvSource("*.csv", Follow: true);
        for (var i = 0; i < 600; i++) _folder.Write($"f{i:D4}.csv", $"id\n{i}\n");
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 600)), await ReadAll(spec));
        Assert.True(_position!.Length < 30_000, $"{_position.Length} characters");
        Assert.Equal("", await ReadAll(spec));
        _folder.Append("f0599.csv", "600\n");
        _folder.Append("f0400.csv", "601\n");
        _folder.Write("f0600.csv", "id\n602\n");
        Assert.Equal("601 600 602", await ReadAll(spec));
    }

    [Fact]
    public async Task Position_of_something_else_is_refused()
    {
        _folder.Write("a.csv", "id\n1\n");
        await using var source = Source(new CsvSource("a.csv"));
        var schema = (await source.DiscoverAsync(default))!;
        foreach (var position in new[] { "", "7", "null", "{}", "{\"watermark\":1}", "{\"files\":null}", "{\"files\":{\"a.csv\":null}}" })
        {
            var error = await Assert.ThrowsAsync<SlipwayException>(async () => await source.ReadAsync(schema, position, 100, default));
            Assert.Contains("position", error.Message);
        }
    }

    [Fact]
    public async Task Links_are_followed_and_those_that_lead_nowhere_are_not_there()
    {
        _folder.Write("store/v1", "id\n1\n");
        _folder.Write("store/v2", "id\n5\n6\n");
        File.CreateSymbolicLink(_folder["a.csv"], _folder["store/v1"]);
        File.CreateSymbolicLink(_folder["b.csv"], _folder["store/none"]);
        File.CreateSymbolicLink(_folder["c.csv"], _folder["c.csv"]);
        var spec = new CsvSource("*.csv", Follow: true);
        Assert.Equal("1", await ReadAll(spec));
        _folder.Append("store/v1", "2\n");
        Assert.Equal("2", await ReadAll(spec));
        File.Delete(_folder["a.csv"]);
        File.CreateSymbolicLink(_folder["a.csv"], _folder["store/v2"]);
        Assert.Equal("5 6", await ReadAll(spec));
    }

    [Theory]
    [InlineData("data/*.csv", "data/a.csv data/b.csv")]
    [InlineData("data/?.csv", "data/a.csv data/b.csv")]
    [InlineData("**/*.csv", "data/a.csv data/b.csv data/deep/c.csv top.csv")]
    [InlineData("data/deep/c.csv", "data/deep/c.csv")]
    [InlineData("*/deep/*", "data/deep/c.csv")]
    [InlineData("none/*.csv", "")]
    [InlineData("./data/a.csv", "./data/a.csv")]
    public void Pattern_matches_files(string pattern, string expected)
    {
        foreach (var file in new[] { "top.csv", "data/a.csv", "data/b.csv", "data/b.txt", "data/.hidden.csv", "data/deep/c.csv" }) _folder.Write(file, "x\n1\n");
        Assert.Equal(expected, string.Join(' ', new FilePattern(_folder.Path, pattern).List().Select(f => f.Name)));
    }

    [Fact]
    public async Task Rows_appended_in_any_pieces_over_any_rotations_all_come()
    {
        var random = new Random(17);
        for (var round = 0; round < 60; round++)
        {
            using var folder = new UseCaseFolder();
            var spec = new CsvSource("log*.csv", Follow: true, Columns: new Dictionary<string, ColumnKind> { ["id"] = ColumnKind.Text, ["note"] = ColumnKind.Text });
            var schema = new TableSchema([new("id", ElementType.Bytes), new("note", ElementType.Bytes)]);
            var (written, read) = (new List<string>(), new List<string>());
            string? position = null;
            var (id, files, pending) = (0, 0, "id,note\n");
            for (var step = 0; step < 40; step++)
            {
                if (random.Next(8) == 0)
                {
                    folder.Append("log.csv", pending);
                    File.Move(folder["log.csv"], folder[$"log-{files++:D3}.csv"]);
                    pending = "id,note\n";
                }
                for (var i = random.Next(4); i > 0; i--)
                {
                    var note = random.Next(3) switch { 0 => "plain", 1 => $"\"two\nlines, {id}\"", _ => "\"\"\"ü\"\"\"" };
                    pending += $"{id},{note}{(random.Next(2) == 0 ? "\n" : "\r\n")}";
                    written.Add($"{id++}");
                }
                var piece = random.Next(pending.Length + 1);
                folder.Append("log.csv", pending[..piece]);
                pending = pending[piece..];
                if (random.Next(2) == 0) await ReadSome(1 + random.Next(5));
            }
            folder.Append("log.csv", pending);
            while (await ReadSome(3))
            {
            }
            // In order within a file; a rotated file's last rows may come after the first ones of the next.
            Assert.Equal(written, read.OrderBy(int.Parse));

            async Task<bool> ReadSome(int rows)
            {
                await using var source = spec.Open(folder.Context);
                using var batch = await source.ReadAsync(schema, position, rows, default);
                if (batch is null) return false;
                Assert.Empty(batch.Faults);
                read.AddRange(UseCaseFolder.Column(batch.Rows, "id").Split(' '));
                position = batch.Position;
                return true;
            }
        }
    }

    private ISource Source(CsvSource spec) => spec.Open(_folder.Context);

    /// <summary>Reads to the end with a new source each time, as after a restart; the values of the first column.</summary>
    private async Task<string> ReadAll(CsvSource spec)
    {
        var values = new List<string>();
        while (true)
        {
            await using var source = Source(spec);
            var schema = (await source.DiscoverAsync(default))!;
            using var batch = await source.ReadAsync(schema, _position, 3 + values.Count, default);
            if (batch is null) return string.Join(' ', values);
            Assert.Empty(batch.Faults);
            values.Add(UseCaseFolder.Column(batch.Rows, "id"));
            _position = batch.Position;
        }
    }
}
