using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Data;
using Slipway.Data.Csv;
using Slipway.Tests.Pipelines.Connectors;

namespace Slipway.Tests.Data.Csv;

public sealed class CsvReaderTests : IDisposable
{
    private readonly UseCaseFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_are_numbers_where_all_cells_are()
    {
        using var reader = Open("id, temp ,city,\"note\",,all empty\n1,20.5,Bern,1,x,\n2,,Basel,2x,y,\n");
        Assert.Equal("id FP64, temp FP64, city BYTES, note BYTES, column_4 BYTES, all empty FP64", reader.Schema.ToString());
    }

    [Fact]
    public void Type_given_is_not_guessed_and_a_cell_that_does_not_fit_is_a_fault_with_its_line()
    {
        var types = new Dictionary<string, ElementType> { ["temp"] = ElementType.Float64, ["zip"] = ElementType.Bytes, ["absent"] = ElementType.Bytes };
        using var reader = Open("zip,temp\n8001,1\n\"80\n02\",warm\n\n8003,3\n", new TableReadOptions(Types: types));
        using var rows = reader.Read(100)!;
        Assert.Equal("8001 8003", UseCaseFolder.Column(rows, "zip"));
        var fault = Assert.Single(reader.Faults);
        Assert.Equal((3, "\"80\n02\",warm", "column 'temp': 'warm' is not a number"), (fault.Line, fault.Raw, fault.Reason));
    }

    [Fact]
    public void Line_numbers_of_faults_count_lines_and_not_records()
    {
        using var reader = Open("a,b\n\n1\n\"x\ny\",2\n3\n");
        using var rows = reader.Read(100)!;
        Assert.Equal([3L, 6L], reader.Faults.Select(f => f.Line));
        Assert.Equal([4L], reader.Lines);
    }

    [Fact]
    public void Empty_cell_is_missing_and_quoted_empty_cell_is_empty_text()
    {
        using var reader = Open("t,n\n,1\n\"\",2\n  ,3\nNA,4\n\"NA\",5\nx,\"\"\n", new TableReadOptions(Missing: ["NA"]));
        using var rows = reader.Read(100)!;
        Assert.Equal("-  - - - x", UseCaseFolder.Column(rows, "t"));
        Assert.Equal("1 2 3 4 5 -", UseCaseFolder.Column(rows, "n"));
        Assert.Empty(reader.Faults);
    }

    [Fact]
    public void Blank_lines_are_passed_over_except_in_a_table_of_one_column()
    {
        using var two = Open("a,b\n\n1,2\n\r\n");
        using var rowsOfTwo = two.Read(100)!;
        Assert.Equal(1, rowsOfTwo.Rows);
        using var one = Open("a\n1\n\n2\n");
        using var rowsOfOne = one.Read(100)!;
        Assert.Equal("1 - 2", UseCaseFolder.Column(rowsOfOne, "a"));
    }

    [Fact]
    public void Batches_hold_as_many_rows_as_asked_for()
    {
        using var reader = Open("a\n1\n2\n3\n4\n5\n");
        var sizes = new List<int>();
        while (reader.Read(2) is { } batch)
        {
            using (batch) sizes.Add(batch.Rows);
        }
        Assert.Equal([2, 2, 1], sizes);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a,b,a\n1,2,3\n", "two columns called 'a'")]
    [InlineData("a,\"b\n", "no header")]
    public void File_without_a_header_is_refused(string csv, string reason)
    {
        var error = Assert.Throws<SlipwayException>(() => Open(csv));
        Assert.Contains("t.csv", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Absent_file_is_refused() => Assert.Contains("no such file", Assert.Throws<SlipwayException>(() => new CsvReader(_folder["none.csv"], TableReadOptions.Default)).Message);

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("-0", -0.0)]
    [InlineData("+1.5", 1.5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("1e-7", 1e-7)]
    [InlineData("1E+22", 1e22)]
    [InlineData("123456789012345678", 123456789012345678.0)]
    [InlineData("9007199254740993", 9007199254740992.0)]
    [InlineData("0.1234567890123456", 0.1234567890123456)]
    [InlineData("4.9406564584124654e-324", 5e-324)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    [InlineData("nan", double.NaN)]
    [InlineData("-Inf", double.NegativeInfinity)]
    [InlineData("Infinity", double.PositiveInfinity)]
    public void Numbers_are_the_nearest_doubles(string text, double expected)
    {
        Assert.True(NumberText.TryParse(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("+-1")]
    [InlineData("1,5")]
    [InlineData("1 000")]
    [InlineData("1e")]
    [InlineData("0x10")]
    [InlineData("1.2.3")]
    [InlineData("1e999")]
    [InlineData("(1)")]
    [InlineData("12a")]
    [InlineData("nano")]
    [InlineData("١")]
    public void What_is_no_number_is_refused(string text) => Assert.False(NumberText.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Every_double_is_read_as_the_runtime_reads_it()
    {
        var random = new Random(11);
        for (var i = 0; i < 100_000; i++)
        {
            var value = i % 2 == 0 ? BitConverter.Int64BitsToDouble(random.NextInt64()) : Math.Round(random.NextDouble() * Math.Pow(10, random.Next(12)), random.Next(12));
            if (!double.IsFinite(value)) continue;
            var text = value.ToString(i % 3 == 0 ? "R" : "F6", CultureInfo.InvariantCulture);
            Assert.True(NumberText.TryParse(Encoding.UTF8.GetBytes(text), out var read), text);
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), read);
        }
    }

    [Fact]
    public void Rows_are_read_without_allocating()
    {
        const int rows = 100_000;
        _folder.Write("t.csv", "id,temp,city\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i},{i / 8.0},\"city, {i % 50}\"\n")));
        ReadAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(rows, ReadAll());
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 10 * rows, $"{allocated} bytes for {rows} rows");

        int ReadAll()
        {
            using var reader = new CsvReader(_folder["t.csv"], TableReadOptions.Default);
            var count = 0;
            while (reader.Read(4096) is { } batch)
            {
                using (batch) count += batch.Rows;
            }
            return count;
        }
    }

    [Fact]
    public void Damaged_files_give_faults_and_nothing_worse()
    {
        var original = Encoding.UTF8.GetBytes("id,temp,city\n1,20.5,\"Bern, \"\"CH\"\"\"\n2,,Zürich\r\n3,1e-7,\"two\nlines\"\n4,5,x\n");
        var random = new Random(42);
        var (rows, faults, refused) = (0, 0, 0);
        for (var round = 0; round < 2000; round++)
        {
            File.WriteAllBytes(_folder["t.csv"], Damage(original, random));
            try
            {
                using var reader = new CsvReader(_folder["t.csv"], TableReadOptions.Default);
                while (reader.Read(3) is { } batch)
                {
                    using (batch) rows += batch.Rows;
                    faults += reader.Faults.Count;
                    Assert.All(reader.Faults, f => Assert.NotEmpty(f.Reason));
                }
            }
            catch (SlipwayException e)
            {
                Assert.Contains("t.csv", e.Message);
                refused++;
            }
        }
        Assert.True(rows > 2000 && faults > 200 && refused is > 10 and < 1000, $"{rows} rows, {faults} faults, {refused} files refused: the mutations no longer hit all of these");
    }

    /// <summary>Flips, removes, doubles or inserts some bytes, or cuts the file off.</summary>
    public static byte[] Damage(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, "\",\n\r\0\u00FF"u8[random.Next(6)]); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(20), bytes.Count - at))); break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }

    private CsvReader Open(string csv, TableReadOptions? options = null)
    {
        _folder.Write("t.csv", csv);
        return new CsvReader(_folder["t.csv"], options ?? TableReadOptions.Default);
    }
}
