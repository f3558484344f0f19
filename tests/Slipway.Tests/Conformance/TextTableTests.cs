using Slipway.Conformance;
using Slipway.Conformance.Pmml;

namespace Slipway.Tests.Conformance;

public class TextTableTests
{
    [Fact]
    public void Cells_are_texts_with_quotes_undone_and_nothing_trimmed()
    {
        var table = Read("a,b,\"c,d\"\r\n\"say \"\"hi\"\", ok\", 1 ,\"two\nlines\"\r\n");
        Assert.Equal(["a", "b", "c,d"], table.Columns);
        Assert.Equal([["say \"hi\", ok", " 1 ", "two\nlines"]], table.Rows);
    }

    [Fact]
    public void Both_tokens_are_missing_and_an_empty_cell_is_not() =>
        Assert.Equal([[null, null, "", ""], ["n/a", "N/A ", "NaN", null]], Read("a,b,c,d\nN/A,NA,,\"\"\nn/a,N/A ,NaN,\"N/A\"\n").Rows);

    [Fact]
    public void A_blank_header_means_rows_without_cells()
    {
        var table = Read("\n\n\n");
        Assert.Empty(table.Columns);
        Assert.Equal(2, table.Rows.Count);
        Assert.All(table.Rows, Assert.Empty);
    }

    [Fact]
    public void A_blank_line_under_one_column_is_an_empty_text() => Assert.Equal([["1"], [""], ["2"]], Read("a\n1\n\n2\n").Rows);

    [Fact]
    public void The_last_line_needs_no_end() => Assert.Equal([["1", "2"]], Read("a,b\n1,2").Rows);

    [Fact]
    public void Gzip_is_known_by_the_name() => Assert.Equal([["1"]], Read("a\n1\n", "t.csv.gz").Rows);

    [Fact]
    public void Columns_are_found_by_name()
    {
        var table = Read("a,b\n1,2\n");
        Assert.Equal(1, table.IndexOf("b"));
        Assert.Equal(-1, table.IndexOf("B"));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("a,b\n1,2\n3\n", "row 2 has 1 cells, 2 were expected")]
    [InlineData("a,b\n1,2\n\n", "row 2 has 0 cells, 2 were expected")]
    [InlineData("a,a\n1,2\n", "two columns have the same name")]
    [InlineData("a\n\"x\n", "row 1 is not CSV")]
    public void What_is_no_table_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<ConformanceException>(() => Read(text)).Message, StringComparison.Ordinal);

    private static TextTable Read(string text, string name = "t.csv")
    {
        using var folder = new SuiteFolder().With(name, text);
        return TextTable.Read(Path.Combine(folder.Path, name));
    }
}
