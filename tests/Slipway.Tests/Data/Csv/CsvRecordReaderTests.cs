using System.Text;
using Slipway.Core;
using Slipway.Data.Csv;

namespace Slipway.Tests.Data.Csv;

public sealed class CsvRecordReaderTests
{
    [Theory]
    [InlineData("a,b\nc,d\n", "a|b;c|d")]
    [InlineData("a,b\r\nc,d\r\n", "a|b;c|d")]
    [InlineData("a,b\nc,d", "a|b;c|d")]
    [InlineData("a,\n,b\n", "a|;|b")]
    [InlineData("a,", "a|")]
    [InlineData(",", "|")]
    [InlineData("\n", "")]
    [InlineData("\n\na", ";;a")]
    [InlineData("\"a,b\",c\n", "a,b|c")]
    [InlineData("\"a\nb\",c\nd,e\n", "a\nb|c;d|e")]
    [InlineData("\"a\"\"b\",\"\"\n", "a\"b|")]
    [InlineData("\"\"\"\"\n", "\"")]
    [InlineData("a\"b,c\"\n", "a\"b|c\"")]
    [InlineData("a\rb,c\n", "a\rb|c")]
    [InlineData("\"a\"\r\n\"b\"\r", "a;b")]
    [InlineData("\"a\"b,c\nd\n", "!TextAfterQuote;d")]
    [InlineData("\"a,b\nc,d\n", "!UnclosedQuote;c|d")]
    [InlineData("x\n\"a\n\"b\n", "x;!TextAfterQuote")]
    [InlineData("\uFEFFa,b\n", "a|b")]
    [InlineData("", "(nothing)")]
    public void Records_are_split_as_RFC_4180_says(string csv, string expected) => Assert.Equal(expected, Show(csv));

    [Fact]
    public void Fields_longer_than_a_vector_are_whole()
    {
        var longText = new string('x', 200);
        Assert.Equal($"{longText}|{longText};1|2", Show($"{longText},{longText}\n1,2\n"));
        Assert.Equal($"{longText}|,{longText}", Show($"{longText},\",{longText}\"\n"));
    }

    [Fact]
    public void Offsets_are_those_of_the_bytes()
    {
        var bytes = Encoding.UTF8.GetBytes("\uFEFFä,b\r\n\"x\ny\",2\n\n3,4");
        using var reader = new CsvRecordReader(new MemoryStream(bytes), CsvDialect.Default);
        var offsets = new List<(long, long)>();
        while (reader.Read()) offsets.Add((reader.Offset, reader.NextOffset));
        Assert.Equal([(3, 9), (9, 17), (17, 18), (18, 21)], offsets);
        foreach (var (start, end) in offsets)
        {
            using var again = new CsvRecordReader(new MemoryStream(bytes[(int)start..]), CsvDialect.Default, start);
            Assert.True(again.Read());
            Assert.Equal(end, again.NextOffset);
        }
    }

    [Fact]
    public void Following_leaves_what_is_not_complete()
    {
        foreach (var (csv, complete) in new[] { ("a\nb", 2), ("a\n\"b\n", 2), ("a\n\"b\"", 2), ("a\n\"b\"\r", 2), ("a\nb\r", 2), ("a\n\"b\"x", 2), ("a\n", 2), ("\uFEFF", 3), ("", 0) })
        {
            using var reader = new CsvRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(csv)), CsvDialect.Default, follow: true);
            while (reader.Read())
            {
            }
            Assert.Equal(complete, reader.NextOffset);
        }
    }

    [Fact]
    public void Record_that_is_too_long_is_a_fault_and_its_line_is_passed_over()
    {
        var endless = new string('x', 3 << 20);
        Assert.Equal("a|b;!TooLong;c|d", Show($"a,b\n{endless},1\nc,d\n"));
        Assert.Equal("a|b;!TooLong", Show($"a,b\n{endless}"));
        Assert.Equal("a|b;!TooLong;c|d", Show($"a,b\n\"{endless}\nc,d\n"));
    }

    [Fact]
    public void Stray_quote_costs_one_line_and_not_the_rest_of_the_file()
    {
        var csv = new StringBuilder("a,b\n\"stray,1\n");
        for (var i = 0; i < 300_000; i++) csv.Append(i).Append(",x\n");
        using var reader = new CsvRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString())), CsvDialect.Default);
        var (good, bad) = (0, 0);
        while (reader.Read())
        {
            if (reader.Record.Defect == CsvDefect.None) good++;
            else bad++;
        }
        Assert.Equal((300_001, 1), (good, bad));
    }

    [Fact]
    public void Record_that_is_not_UTF_8_is_a_fault_and_keeps_its_bytes()
    {
        using var reader = new CsvRecordReader(new MemoryStream(Encoding.Latin1.GetBytes("caf\u00e9,1\n")), CsvDialect.Default);
        Assert.True(reader.Read());
        Assert.Equal(CsvDefect.InvalidUtf8, reader.Record.Defect);
        Assert.Equal("caf\u00e9,1", reader.Record.Raw());
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Utf_16_is_refused_with_advice(string encoding)
    {
        var bytes = Encoding.GetEncoding(encoding).GetPreamble().Concat(Encoding.GetEncoding(encoding).GetBytes("a,b\n")).ToArray();
        var error = Assert.Throws<SlipwayException>(() => new CsvRecordReader(new MemoryStream(bytes), CsvDialect.Default));
        Assert.Contains("save it as UTF-8", error.Message);
    }

    [Fact]
    public void Any_text_is_split_as_by_the_reference_however_it_arrives()
    {
        var random = new Random(20260101);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = RandomCsv(random);
            var expected = ReferenceCsv.Records(bytes, ',').Select(r => r is null ? "!" : string.Join('|', r));
            using var whole = new CsvRecordReader(new MemoryStream(bytes), CsvDialect.Default);
            Assert.Equal(expected, Records(whole));
            using var trickling = new CsvRecordReader(new TricklingStream(bytes, random), CsvDialect.Default);
            Assert.Equal(expected, Records(trickling));
        }
    }

    private static byte[] RandomCsv(Random random)
    {
        ReadOnlySpan<byte> alphabet = "aab,,\"\"\n\r\n12. "u8;
        var bytes = new byte[random.Next(120)];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = random.Next(20) == 0 ? (byte)'x' : alphabet[random.Next(alphabet.Length)];
        return bytes;
    }

    private static List<string> Records(CsvRecordReader reader)
    {
        var records = new List<string>();
        while (reader.Read())
        {
            var record = reader.Record;
            var fields = new string[record.FieldCount];
            for (var i = 0; i < fields.Length; i++) fields[i] = (record.IsQuoted(i) ? "\"" : "") + record.Text(i);
            records.Add(record.Defect == CsvDefect.None ? string.Join('|', fields) : "!");
        }
        return records;
    }

    private static string Show(string csv)
    {
        using var reader = new CsvRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(csv)), CsvDialect.Default);
        var records = new List<string>();
        while (reader.Read())
        {
            var record = reader.Record;
            var fields = new string[record.FieldCount];
            for (var i = 0; i < fields.Length; i++) fields[i] = record.Text(i);
            records.Add(record.Defect == CsvDefect.None ? string.Join('|', fields) : $"!{record.Defect}");
        }
        return records.Count == 0 ? "(nothing)" : string.Join(';', records);
    }

    /// <summary>Gives as few bytes a time as it likes.</summary>
    private sealed class TricklingStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, random.Next(1, 8)));
    }
}
