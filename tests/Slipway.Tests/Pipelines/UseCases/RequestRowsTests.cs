using Slipway.Core;
using Slipway.Pipelines.UseCases;

namespace Slipway.Tests.Pipelines.UseCases;

public class RequestRowsTests
{
    private static readonly TableSchema Schema = new([new("id", ElementType.Bytes), new("a", ElementType.Float64), new("n", ElementType.Int64)]);

    [Fact]
    public void Columns_take_the_sources_order_and_types()
    {
        using var given = Cells.Table(("n", [1.0, null]), ("a", [1L, 2L]));
        using var rows = RequestRows.Fit(Schema, given);
        Assert.Equal(Schema, Cells.SchemaOf(rows));
        Assert.Equal(["id=∅ a=1 n=1", "id=∅ a=2 n=∅"], Cells.Lines(rows));
    }

    [Fact]
    public void A_column_of_nulls_fits_any_type_and_a_matrix_of_one_column_is_a_column()
    {
        using var given = new Batch(Cells.Column("id", null, null), Tensor.Of<float>("a", [1.5f, 2.5f], 2, 1));
        using var rows = RequestRows.Fit(Schema, given);
        Assert.Equal(["id=∅ a=1.5 n=∅", "id=∅ a=2.5 n=∅"], Cells.Lines(rows));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("did you mean id?", Refused(("ids", ["x"])), StringComparison.Ordinal);
        Assert.Contains("INT64 cannot hold 1.5", Refused(("n", [1.5])), StringComparison.Ordinal);
        Assert.Contains("holds BYTES where FP64 is wanted", Refused(("a", ["warm"])), StringComparison.Ordinal);
        Assert.Contains("differ in their number of rows", Refused(("a", [1.0]), ("n", [1L, 2L])), StringComparison.Ordinal);
        using var matrix = new Batch(Tensor.Of<float>("a", [1, 2], 1, 2));
        Assert.Contains("one value a row expected", Assert.Throws<RecordException>(() => RequestRows.Fit(Schema, matrix)).Message, StringComparison.Ordinal);
    }

    private static string Refused(params (string, object?[])[] columns)
    {
        using var given = Cells.Table(columns);
        return Assert.Throws<RecordException>(() => RequestRows.Fit(Schema, given)).Message;
    }
}
