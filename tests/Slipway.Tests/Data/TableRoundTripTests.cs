using System.Text;
using Slipway.Core;
using Slipway.Data;
using Slipway.Tests.Pipelines.Connectors;

namespace Slipway.Tests.Data;

public sealed class TableRoundTripTests : IDisposable
{
    private static readonly string[] Texts = ["", " ", "a", "a,b", "\"", "\"\"", "x\ny", "\r\n", "\r", "ä", "🚀", "\uFEFFx", "\t", "NaN", "1", "null", "true", "\\", "{}", "\u0001"];

    private readonly UseCaseFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.tsv")]
    [InlineData("t.jsonl")]
    public void Any_table_written_is_read_back_the_same(string file)
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            using var table = RandomTable(random);
            using (var writer = TableFiles.Create(_folder[file])) writer.Write(table);
            var types = table.ToDictionary(t => t.Name, t => t.Type);
            using var reader = TableFiles.OpenRead(_folder[file], new TableReadOptions(Types: types));
            Assert.Equal(table.Select(t => t.Name), reader.Schema.Names);
            using var read = reader.Read(1000);
            Assert.Empty(reader.Faults);
            AssertSame(table, read!);
        }
    }

    [Theory]
    [InlineData("t.csv", "id,p_0,no,ok,text,p8_0,p8_1\n1,0.1,,true,a,1,2\n-2,1E+20,NaN,false,\"b\"\"\",3,4\n")]
    [InlineData("t.jsonl", "{\"id\":1,\"p_0\":0.1,\"no\":null,\"ok\":true,\"text\":\"a\",\"p8_0\":1,\"p8_1\":2}\n{\"id\":-2,\"p_0\":1E+20,\"no\":\"NaN\",\"ok\":false,\"text\":\"b\\\"\",\"p8_0\":3,\"p8_1\":4}\n")]
    public void Every_type_is_written_in_its_shortest_form(string file, string expected)
    {
        var no = Tensor.Of<double>("no", [0, double.NaN]);
        no.SetMissing(0);
        using var rows = new Batch(
            Tensor.Of<long>("id", [1, -2]), Tensor.Of<float>("p_0", [0.1f, 1e20f]), no, Tensor.Of<bool>("ok", [true, false]), Tensor.OfText("text", "a", "b\""),
            Tensor.Of<byte>("p8", [1, 2, 3, 4], 2, 2));
        using (var writer = TableFiles.Create(_folder[file])) writer.Write(rows);
        Assert.Equal(expected, File.ReadAllText(_folder[file]));
    }

    [Fact]
    public void Matrix_columns_have_the_names_of_the_signature()
    {
        var signature = new Signature([], [new TensorSpec("probabilities", ElementType.Float32, [-1, 2], Columns: ["no", "yes"])]);
        using var rows = new Batch(Tensor.Of<float>("probabilities", [0.25f, 0.75f], 1, 2));
        using (var writer = TableFiles.Create(_folder["t.csv"], TableWriteOptions.For(signature))) writer.Write(rows);
        Assert.Equal("no,yes\n0.25,0.75\n", File.ReadAllText(_folder["t.csv"]));
    }

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.jsonl")]
    public void Batch_of_other_columns_is_refused(string file)
    {
        using var writer = TableFiles.Create(_folder[file]);
        using var first = new Batch(Tensor.Of<long>("a", [1]));
        using var second = new Batch(Tensor.Of<long>("b", [1]));
        writer.Write(first);
        Assert.Throws<RecordException>(() => writer.Write(second));
    }

    [Fact]
    public void Two_columns_of_one_name_are_refused()
    {
        using var writer = TableFiles.Create(_folder["t.csv"]);
        using var rows = new Batch(Tensor.Of<long>("p_0", [1]), Tensor.Of<long>("p", [1, 2], 1, 2));
        Assert.Contains("'p_0'", Assert.Throws<SlipwayException>(() => writer.Write(rows)).Message);
    }

    [Theory]
    [InlineData("t.parquet", "DuckDB")]
    [InlineData("t.xlsx", ".xlsx")]
    [InlineData("t", "table file")]
    public void Other_kinds_of_file_are_refused_with_advice(string file, string word)
    {
        Assert.Contains(word, Assert.Throws<SlipwayException>(() => TableFiles.OpenRead(_folder[file])).Message);
        Assert.Contains(word, Assert.Throws<SlipwayException>(() => TableFiles.Create(_folder[file])).Message);
        Assert.False(File.Exists(_folder[file]));
    }

    private static Batch RandomTable(Random random)
    {
        var rows = random.Next(1, 20);
        var table = new Batch();
        for (int i = 0, columns = random.Next(1, 5); i < columns; i++)
        {
            var name = random.Next(4) == 0 ? $"odd \"{i}\",\n" : $"c{i}";
            if (random.Next(2) == 0)
            {
                table.Add(Tensor.OfText(name, Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? null : RandomText(random)).ToArray()));
                continue;
            }
            var numbers = new Tensor(name, ElementType.Float64, rows);
            for (var row = 0; row < rows; row++)
            {
                if (random.Next(5) == 0) numbers.SetMissing(row);
                else numbers.Values<double>()[row] = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            }
            table.Add(numbers);
        }
        return table;
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(4); i >= 0; i--) text.Append(Texts[random.Next(Texts.Length)]);
        return text.ToString();
    }

    private static void AssertSame(Batch expected, Batch found)
    {
        Assert.Equal(expected.Rows, found.Rows);
        foreach (var tensor in expected)
        {
            var other = found[tensor.Name];
            for (var row = 0; row < tensor.Rows; row++)
            {
                Assert.Equal(tensor.IsMissing(row), other.IsMissing(row));
                if (tensor.IsMissing(row)) continue;
                if (tensor.Type == ElementType.Bytes) Assert.Equal(tensor.GetText(row), other.GetText(row));
                else Assert.Equal(tensor.Values<double>()[row], other.Values<double>()[row]);
            }
        }
    }
}
