using Slipway.App.Cli.Commands;
using Slipway.Core;
using Slipway.Data;

namespace Slipway.Tests.App.Cli;

public sealed class TableScoringTests : IDisposable
{
    /// <summary>More than one batch.</summary>
    private const int ManyRows = 20_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Skipped_rows_keep_their_line_and_have_no_results(bool namesTheRow)
    {
        var scoring = Run("x,k\n1,a\n-2,b\nthree,c\n4,\"d\nd\"\n-5,e\n6\n7,g\n", new Doubling { NamesTheRow = namesTheRow }, skip: true, "k");
        Assert.Equal("k,y_0,y_1,said\na,2,1,one\nb,N/A,N/A,N/A\nN/A,N/A,N/A,N/A\n\"d\nd\",8,4,one\ne,N/A,N/A,N/A\nN/A,N/A,N/A,N/A\ng,14,7,one\n", Output);
        Assert.Equal(
            [new(3, "-2 is negative"), new(4, "column 'x': 'three' is not a number"), new(7, "-5 is negative"), new(8, "1 fields, 2 expected")],
            scoring.FirstRefused);
        Assert.Equal((7, 4), (scoring.Rows, scoring.RefusedRows));
    }

    [Theory]
    [InlineData("x\n1\n-2\nthree\n", "rows.csv line 3: -2 is negative")]
    [InlineData("x\n1\ntwo\n-3\n", "rows.csv line 3: column 'x': 'two' is not a number")]
    [InlineData("x\n1\n2\n3\n4\n5\n-6\n", "rows.csv line 7: -6 is negative")]
    public void First_refused_row_ends_the_scoring_unless_it_is_skipped(string rows, string message)
    {
        foreach (var namesTheRow in new[] { true, false })
        {
            Assert.Equal(message, Assert.Throws<RecordException>(() => Run(rows, new Doubling { NamesTheRow = namesTheRow }, skip: false)).Message);
        }
    }

    /// <summary>What a model answers to the other rows is the same as if the refused ones were not in the file; also where whole batches are refused, the first one too.</summary>
    [Theory]
    [InlineData(1, 0.0005)]
    [InlineData(2, 0.5)]
    [InlineData(3, 1)]
    public void Rows_are_answered_whatever_is_refused_beside_them(int seed, double share)
    {
        var random = new Random(seed);
        var values = Enumerable.Range(1, ManyRows).Select(i => i < 9000 && seed == 2 ? -i : random.NextDouble() < share ? -i : i).ToArray();
        var scoring = Run("x\n" + string.Join('\n', values) + "\n", new Doubling { NamesTheRow = seed != 2 }, skip: true);
        var expected = values.Select(v => v < 0 ? "N/A,N/A,N/A" : $"{2 * v},{v},one");
        Assert.Equal(expected, Output.Split('\n')[1..^1]);
        var refused = values.Index().Where(v => v.Item < 0).Select(v => new RefusedRow(v.Index + 2, $"{v.Item} is negative")).ToArray();
        Assert.Equal(refused.Length, scoring.RefusedRows);
        Assert.Equal(refused.Take(10), scoring.FirstRefused);
    }

    [Fact]
    public void Absent_column_is_no_fault_of_the_rows()
    {
        var error = Assert.Throws<RecordException>(() => Run("z\n1\n2\n", new Doubling(), skip: true));
        Assert.StartsWith("rows.csv: input 'x' is absent", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RowRelation.Independent, 3)]
    [InlineData(RowRelation.Ordered, 1)]
    [InlineData(RowRelation.Grouped, 1)]
    public void Rows_that_belong_together_are_one_batch(RowRelation rows, int calls)
    {
        var model = new Doubling { Rows = rows };
        Run("x\n" + string.Join('\n', Enumerable.Range(1, ManyRows)) + "\n", model, skip: false);
        Assert.Equal(calls, model.Calls);
        Assert.Equal(ManyRows + 1, Output.Split('\n')[..^1].Length);
    }

    [Fact]
    public void Rows_that_belong_together_are_never_scored_apart()
    {
        var model = new Doubling { Rows = RowRelation.Grouped };
        Assert.Equal("rows.csv: -2 is negative", Assert.Throws<RecordException>(() => Run("x\n1\n-2\n", model, skip: false)).Message);
        Assert.Equal(1, model.Calls);
    }

    private string Output => File.ReadAllText(Path.Combine(_folder.FullName, "answers.csv"));

    private TableScoring Run(string csv, Doubling model, bool skip, params string[] copied)
    {
        var input = Path.Combine(_folder.FullName, "rows.csv");
        File.WriteAllText(input, csv);
        var scoring = new TableScoring(model, "rows.csv", [.. copied], skip);
        using var reader = TableFiles.OpenRead(input, new TableReadOptions(Types: new Dictionary<string, ElementType> { ["x"] = ElementType.Float64 }));
        using var writer = TableFiles.Create(Path.Combine(_folder.FullName, "answers.csv"), TableWriteOptions.Default with { Missing = "N/A" });
        scoring.Run(reader, writer, _ => { }, TestContext.Current.CancellationToken);
        return scoring;
    }

    /// <summary>Answers <c>[2x, x]</c> and a text to each row; refuses negative numbers.</summary>
    private sealed class Doubling : IModel
    {
        public RowRelation Rows { get; init; }

        public bool NamesTheRow { get; init; }

        public int Calls { get; private set; }

        public Signature Signature => new(
            [new TensorSpec("x", ElementType.Float64, [-1])], [new TensorSpec("y", ElementType.Float64, [-1, 2]), new TensorSpec("said", ElementType.Bytes, [-1])], Rows);

        public Batch Run(Batch inputs)
        {
            Calls++;
            var x = inputs["x"].Values<double>();
            var y = new double[2 * x.Length];
            for (var i = 0; i < x.Length; i++)
            {
                if (x[i] < 0) throw NamesTheRow ? new RecordException(i, $"{x[i]} is negative") : new RecordException($"{x[i]} is negative");
                (y[2 * i], y[(2 * i) + 1]) = (2 * x[i], x[i]);
            }
            return new Batch(Tensor.Of<double>("y", y, x.Length, 2), Tensor.OfText("said", [.. Enumerable.Repeat("one", x.Length)]));
        }

        public void Dispose()
        {
        }
    }
}
