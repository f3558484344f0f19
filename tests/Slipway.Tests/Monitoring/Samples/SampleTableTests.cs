using Slipway.Core;
using Slipway.Monitoring.Samples;

namespace Slipway.Tests.Monitoring.Samples;

public sealed class SampleTableTests
{
    private static readonly TableSchema Wanted = new(
    [
        new("temp", ElementType.Float32), new("name", ElementType.Bytes), new("open", ElementType.Bool), new("prediction", ElementType.Float64),
    ]);

    [Fact]
    public void Columns_come_from_prediction_and_input_in_any_order()
    {
        using var table = SampleTable.Read(
        [
            Sample("""{"open":true,"temp":1.5,"other":[1,{"temp":9}],"name":"a\"é\n"}""", """{"prediction":2}"""),
            Sample("""{"name":"b","temp":3,"prediction":7}""", """{"probabilities":[0.1,0.9],"prediction":4}"""),
        ], Wanted);
        Assert.Equal([1.5, 3], table["temp"].Values<double>());
        Assert.Equal(("a\"é\n", "b"), (table["name"].GetText(0), table["name"].GetText(1)));
        Assert.Equal((1, true), (table["open"].RawData[0], table["open"].IsMissing(1)));
        Assert.Equal([2, 4], table["prediction"].Values<double>());
    }

    [Theory]
    [InlineData("""{"temp":null,"name":null,"open":null}""")]
    [InlineData("""{"temp":"warm","name":5,"open":"yes"}""")]
    [InlineData("""{"temp":[1],"name":{"a":1},"open":[]}""")]
    [InlineData("""{}""")]
    [InlineData("""[1,2]""")]
    [InlineData("")]
    [InlineData("""{"temp" 1}""")]
    [InlineData("nonsense")]
    public void Value_that_is_absent_or_of_another_kind_is_missing(string input)
    {
        using var table = SampleTable.Read([Sample(input, "{}")], Wanted);
        Assert.All(table, column => Assert.True(column.IsMissing(0)));
    }

    [Fact]
    public void Damaged_row_keeps_what_was_before_the_damage_and_the_next_rows()
    {
        using var table = SampleTable.Read([Sample("""{"temp":1,"name":"a""", "{}"), Sample("""{"temp":2,"name":"b"}""", "{}")], Wanted);
        Assert.Equal([1, 2], table["temp"].Values<double>());
        Assert.Equal((null, "b"), (table["name"].GetText(0), table["name"].GetText(1)));
    }

    [Fact]
    public void Infinities_and_flags_read_as_numbers()
    {
        using var table = SampleTable.Read(
            [Sample("""{"x":"Infinity"}""", "{}"), Sample("""{"x":"-Infinity"}""", "{}"), Sample("""{"x":true}""", "{}")], new TableSchema([new("x", ElementType.Int32)]));
        Assert.Equal([double.PositiveInfinity, double.NegativeInfinity, 1], table["x"].Values<double>());
    }

    [Fact]
    public void Rows_written_by_the_recorder_read_back_the_same()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            using var rows = Core.Expressions.TestTable.Random(seed, 5);
            var schema = new TableSchema([.. rows.Select(t => new ColumnSpec(t.Name, t.Type))]);
            using var table = SampleTable.Read([.. Enumerable.Range(0, 5).Select(row => Sample(SampleJson.Write(rows, row), "{}"))], schema);
            foreach (var column in rows)
            {
                for (var row = 0; row < 5; row++)
                {
                    var expected = column.Type == ElementType.Bytes ? column.GetText(row) : (object)column.NumberAt(row);
                    Assert.Equal(expected, column.Type == ElementType.Bytes ? table[column.Name].GetText(row) : table[column.Name].NumberAt(row));
                }
            }
        }
    }

    private static Sample Sample(string input, string prediction) => new("id", "u", "m", 1, DateTimeOffset.UnixEpoch, input, prediction);
}
