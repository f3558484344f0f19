using System.Text;
using Slipway.Core;
using Slipway.Models.Formats.Pmml.Reading;

namespace Slipway.Tests.Models.Pmml;

public sealed class MatrixElementTests
{
    [Theory]
    [InlineData("<Matrix><Array>1 2 3</Array><Array>4 5 6</Array></Matrix>", 2, 3, "1 2 3 4 5 6")]
    [InlineData("<Matrix nbRows='2' nbCols='1'><Array>.5</Array><Array>-.5</Array></Matrix>", 2, 1, "0.5 -0.5")]
    [InlineData("<Matrix kind='diagonal' diagDefault='9' offDiagDefault='-1'><Array>1 2</Array></Matrix>", 2, 2, "1 -1 -1 2")]
    [InlineData("<Matrix kind='diagonal' nbRows='2' diagDefault='3'/>", 2, 2, "3 0 0 3")]
    [InlineData("<Matrix kind='symmetric'><Array>1</Array><Array>2 3</Array><Array>4 5 6</Array></Matrix>", 3, 3, "1 2 4 2 3 5 4 5 6")]
    [InlineData("<Matrix kind='symmetric' nbRows='2' diagDefault='7'><MatCell row='1' col='2'>5</MatCell></Matrix>", 2, 2, "7 5 5 7")]
    [InlineData("<Matrix nbRows='2' nbCols='2' offDiagDefault='8'><MatCell row='2' col='1'>5</MatCell></Matrix>", 2, 2, "0 8 5 0")]
    [InlineData("<Matrix><MatCell row='2' col='3'>5</MatCell></Matrix>", 2, 3, "0 0 0 0 0 5")]
    public void Matrix_has_the_cells_that_its_parts_give(string text, int rows, int columns, string values)
    {
        var matrix = Read(text);

        Assert.Equal((rows, columns), (matrix.Rows, matrix.Columns));
        Assert.Equal(values, string.Join(' ', matrix.Values.Select(v => FormattableString.Invariant($"{v}"))));
    }

    [Theory]
    [InlineData("<Matrix/>", "0 × 0 cells")]
    [InlineData("<Matrix nbRows='100000' nbCols='100000'/>", "100000 × 100000 cells")]
    [InlineData("<Matrix kind='symmetric' nbRows='2' nbCols='3'/>", "2 × 3")]
    [InlineData("<Matrix nbRows='3'><Array>1</Array></Matrix>", "1 arrays for 3 rows")]
    [InlineData("<Matrix><Array>1 2</Array><Array>3</Array></Matrix>", "row 2 has 1 values, 2 are expected")]
    [InlineData("<Matrix nbRows='1' nbCols='1'><MatCell row='2' col='1'>5</MatCell></Matrix>", "row=\"2\" col=\"1\" is outside")]
    [InlineData("<Matrix><MatCell row='1' col='1'>x</MatCell></Matrix>", "'x' is not a number")]
    [InlineData("<Matrix kind='round'/>", "round")]
    public void Wrong_matrix_is_refused(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<ModelException>(() => Read(text)).Message, StringComparison.Ordinal);

    private static MatrixElement Read(string text)
    {
        using var reader = new XmlElementReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        return MatrixElement.Read(reader);
    }
}
