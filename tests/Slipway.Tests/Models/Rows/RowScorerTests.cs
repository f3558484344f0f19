using System.Globalization;
using Slipway.Core;
using Slipway.Models.Rows;
using Slipway.Tests.Models.Pmml;

namespace Slipway.Tests.Models.Rows;

/// <summary>A row has one answer, however it is brought: in a batch of texts or numbers, alone, with its columns in any order.</summary>
public sealed class RowScorerTests
{
    private const int Rows = 700;

    private const string Fields = "x z:integer color=red,green,blue flag:boolean *y";

    private static readonly string[] Models =
    [
        """
        <RegressionModel functionName='regression'><MiningSchema/><Output><OutputField name='seen' feature='transformedValue'><FieldRef field='color'/></OutputField><OutputField name='whole' feature='transformedValue'><FieldRef field='z'/></OutputField></Output>
        <RegressionTable intercept='2'><NumericPredictor name='x' coefficient='3'/><NumericPredictor name='z' coefficient='1'/><CategoricalPredictor name='color' value='red' coefficient='10'/></RegressionTable></RegressionModel>
        """,
        Tree(0.5),
        $"<MiningModel functionName='regression'><MiningSchema/><Segmentation multipleModelMethod='average' missingPredictionTreatment='skipSegment'>{Segment(-0.5)}{Segment(0)}{Segment(0.7)}</Segmentation></MiningModel>",
        $"<MiningModel functionName='regression'><MiningSchema/><Segmentation multipleModelMethod='modelChain' missingPredictionTreatment='returnMissing'>{Chained}{Segment(0.2)}</Segmentation></MiningModel>",
    ];

    public static TheoryData<int> Numbered => [.. Enumerable.Range(0, Models.Length)];

    [Theory]
    [MemberData(nameof(Numbered))]
    public void Batches_of_texts_and_of_numbers_and_single_rows_have_the_same_answers(int number)
    {
        using var model = Open(number);
        var rows = Draw(new Random(number));
        using var texts = model.Run(Texts(rows, "x", "z", "color", "flag"));
        using var shuffled = model.Run(Texts(rows, "flag", "color", "unknown", "z", "x"));
        using var numbers = model.Run(Numbers(rows));
        var (fromTexts, fromNumbers) = (model.CreateScorer(), model.CreateScorer());
        for (var r = 0; r < Rows; r++)
        {
            var expected = Answer(texts, r);
            Assert.Equal(expected, Answer(shuffled, r));
            Assert.Equal(expected, Answer(numbers, r));
            Assert.Equal(expected, Answer(fromTexts, rows[r], asNumbers: false));
            Assert.Equal(expected, Answer(fromNumbers, rows[r], asNumbers: true));
        }
    }

    [Theory]
    [MemberData(nameof(Numbered))]
    public void Absent_optional_columns_are_missing_values(int number)
    {
        using var model = Open(number);
        var rows = Draw(new Random(9)).Select(r => r with { X = null, Color = null }).ToArray();
        using var whole = model.Run(Texts(rows, "x", "z", "color", "flag"));
        using var partial = model.Run(Texts(rows, "flag", "z"));
        for (var r = 0; r < Rows; r++) Assert.Equal(Answer(whole, r), Answer(partial, r));
    }

    [Fact]
    public void Input_that_was_never_set_is_missing_and_replaced_like_any_other()
    {
        using var model = PmmlTest.Open(PmmlTest.Document("<DataField name='x' optype='continuous' dataType='double'/>", """
            <RegressionModel functionName='regression'><MiningSchema><MiningField name='x' missingValueReplacement='5'/></MiningSchema>
            <RegressionTable intercept='0'><NumericPredictor name='x' coefficient='1'/></RegressionTable></RegressionModel>
            """));
        var scorer = model.CreateScorer();
        Assert.Equal(5, Number(scorer));
        scorer.Set(0, 7);
        Assert.Equal(7, Number(scorer));
        scorer.Clear();
        Assert.Equal(5, Number(scorer));
    }

    [Fact]
    public void NaN_is_a_missing_number_in_a_batch_and_alone()
    {
        using var model = Open(0);
        using var batch = new Batch(Tensor.Of<double>("x", [double.NaN, 1], 2), Tensor.Of<float>("z", [1, float.NaN], 2));
        using var found = model.Run(batch);
        Assert.True(found["y"].IsMissing(0) && found["y"].IsMissing(1));
        var scorer = model.CreateScorer();
        scorer.Set(0, double.NaN);
        scorer.Set(1, 1);
        scorer.Score();
        Assert.False(scorer.TryGetNumber(0, out _));
    }

    [Fact]
    public void Refused_value_leaves_the_next_row_alone()
    {
        using var model = Open(0);
        var scorer = model.CreateScorer();
        scorer.Set(0, "1");
        scorer.Set(1, "1");
        scorer.Set(2, "violet");
        Assert.Contains("field 'color': 'violet' is not a value that the model allows", Assert.Throws<RecordException>(scorer.Score).Message, StringComparison.Ordinal);
        scorer.Set(2, "red");
        Assert.Equal(16, Number(scorer));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(699)]
    public void Refused_value_in_a_batch_is_named_with_its_row_and_field(int row)
    {
        using var model = Open(0);
        var rows = Enumerable.Repeat(new Record(1, 2, "red", true), Rows).ToArray();
        rows[row] = rows[row] with { Color = "violet" };
        var message = Assert.Throws<RecordException>(() => model.Run(Texts(rows, "x", "z", "color", "flag"))).Message;
        Assert.StartsWith($"row {row}: field 'color': 'violet' is not a value that the model allows", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refused_value_that_only_an_output_reads_is_named_with_its_row()
    {
        using var model = Open(1);
        var rows = Enumerable.Repeat(new Record(1, 2, "red", true), Rows).ToArray();
        rows[300] = rows[300] with { Color = "violet" };
        using var scored = model.Run(Texts(rows, "x", "z", "color", "flag"));
        Assert.Equal(Answer(scored, 0), Answer(scored, 300));
        using var shown = PmmlTest.Open(PmmlTest.Document(Fields, Models[1].Replace("<MiningSchema/>", "<MiningSchema/><Output><OutputField name='seen' feature='transformedValue'><FieldRef field='color'/></OutputField></Output>", StringComparison.Ordinal)));
        Assert.StartsWith("row 300: field 'color': 'violet'", Assert.Throws<RecordException>(() => shown.Run(Texts(rows, "x", "z", "color", "flag"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Numbered))]
    public void Batches_on_many_threads_have_the_same_answers(int number)
    {
        using var model = Open(number);
        var rows = Draw(new Random(4));
        using var alone = model.Run(Texts(rows, "x", "z", "color", "flag"));
        var expected = Enumerable.Range(0, Rows).Select(r => Answer(alone, r)).ToArray();
        Parallel.For(0, 16, _ =>
        {
            using var found = model.Run(Texts(rows, "x", "z", "color", "flag"));
            Assert.Equal(expected, Enumerable.Range(0, Rows).Select(r => Answer(found, r)));
        });
    }

    [Fact]
    public void Refused_number_in_a_batch_is_named()
    {
        using var model = Open(0);
        using var batch = new Batch(Tensor.Of<double>("x", [1, 1], 2), Tensor.Of<double>("z", [1, 1.5], 2));
        Assert.StartsWith("row 1: field 'z': '1.5' is not of type integer", Assert.Throws<RecordException>(() => model.Run(batch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Column_with_several_values_a_row_is_refused()
    {
        using var model = Open(0);
        using var batch = new Batch(Tensor.Of<double>("x", [1, 2, 3, 4], 2, 2));
        Assert.Contains("input 'x' has shape [2,2]: one value a row expected", Assert.Throws<RecordException>(() => model.Run(batch)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Numbered))]
    public void Scoring_a_row_allocates_nothing(int number)
    {
        using var model = Open(number);
        var scorer = model.CreateScorer();
        Assert.Equal(0, Allocations.Of(() => Score(200)));

        void Score(int rows)
        {
            for (var i = 0; i < rows; i++)
            {
                scorer.Set(0, (i % 7) - 3.5);
                scorer.Set(1, i % 2 == 0 ? "3" : "-4");
                scorer.Set(2, i % 3 == 0 ? "red" : "blue");
                scorer.Set(3, i % 2 == 0 ? "true" : "0");
                scorer.Score();
                _ = scorer.TryGetNumber(0, out _);
            }
        }
    }

    private static RowProgramModel Open(int number) => PmmlTest.Open(PmmlTest.Document(Fields, Models[number]));

    private static string Tree(double threshold) => FormattableString.Invariant($"""
        <TreeModel functionName='regression' missingValueStrategy='nullPrediction'><MiningSchema/><Node score='0'><True/>
        <Node score='{threshold}'><SimplePredicate field='x' operator='lessThan' value='{threshold}'/><Node score='{threshold + 1}'><SimplePredicate field='color' operator='equal' value='red'/></Node><Node score='{threshold + 2}'><True/></Node></Node>
        <Node score='{threshold + 3}'><CompoundPredicate booleanOperator='and'><SimplePredicate field='z' operator='greaterOrEqual' value='0'/><SimplePredicate field='flag' operator='equal' value='true'/></CompoundPredicate></Node>
        <Node score='{threshold + 4}'><True/></Node></Node></TreeModel>
        """);

    private static string Segment(double threshold) => $"<Segment><True/>{Tree(threshold)}</Segment>";

    private const string Chained = """
        <Segment><True/><RegressionModel functionName='regression'><MiningSchema><MiningField name='x'/><MiningField name='z'/></MiningSchema><Output><OutputField name='first' feature='predictedValue'/></Output>
        <RegressionTable intercept='1'><NumericPredictor name='z' coefficient='0.5'/></RegressionTable></RegressionModel></Segment>
        """;

    private static double Number(RowScorer scorer)
    {
        scorer.Score();
        Assert.True(scorer.TryGetNumber(0, out var number));
        return number;
    }

    private sealed record Record(double? X, double? Z, string? Color, bool? Flag);

    private static Record[] Draw(Random random)
    {
        var rows = new Record[Rows];
        foreach (ref var row in rows.AsSpan())
        {
            row = new Record(
                random.Next(5) == 0 ? null : Math.Round((random.NextDouble() * 4) - 2, 3), random.Next(5) == 0 ? null : random.Next(-3, 4),
                random.Next(5) == 0 ? null : new[] { "red", "green", "blue" }[random.Next(3)], random.Next(5) == 0 ? null : random.Next(2) == 0);
        }
        return rows;
    }

    private static Batch Texts(Record[] rows, params string[] columns)
    {
        var batch = new Batch();
        foreach (var column in columns) batch.Add(Tensor.OfText(column, [.. rows.Select(r => Text(r, column))]));
        return batch;
    }

    private static string? Text(Record row, string column) => column switch
    {
        "x" => row.X?.ToString(CultureInfo.InvariantCulture),
        "z" => row.Z?.ToString(CultureInfo.InvariantCulture),
        "color" => row.Color,
        "flag" => row.Flag?.ToString(),
        _ => "what no model asks for",
    };

    private static Batch Numbers(Record[] rows)
    {
        var flags = Tensor.Of<bool>("flag", [.. rows.Select(r => r.Flag ?? false)], Rows);
        for (var r = 0; r < Rows; r++)
        {
            if (rows[r].Flag is null) flags.SetMissing(r);
        }
        return new Batch(
            Tensor.Of<double>("x", [.. rows.Select(r => r.X ?? double.NaN)], Rows), Tensor.Of<float>("z", [.. rows.Select(r => (float)(r.Z ?? double.NaN))], Rows),
            Tensor.OfText("color", [.. rows.Select(r => r.Color)]), flags);
    }

    private static string Answer(Batch outputs, int row) =>
        string.Join("; ", outputs.Select(t => $"{t.Name}={(t.IsMissing(row) ? "missing" : t.Type == ElementType.Bytes ? t.GetText(row) : t.NumberAt(row).ToString("R", CultureInfo.InvariantCulture))}"));

    private static string Answer(RowScorer scorer, Record row, bool asNumbers)
    {
        for (var i = 0; i < scorer.InputCount; i++)
        {
            double? number = scorer.InputName(i) switch { "x" => row.X, "z" => row.Z, "flag" => row.Flag is { } flag ? flag ? 1 : 0 : null, _ => null };
            var text = Text(row, scorer.InputName(i));
            if (text is null) scorer.SetMissing(i);
            else if (asNumbers && number is { } value) scorer.Set(i, value);
            else scorer.Set(i, text);
        }
        scorer.Score();
        var outputs = Enumerable.Range(0, scorer.OutputCount).Select(o =>
        {
            var value = scorer.OutputType(o) == CellType.Text ? scorer.Text(o) : scorer.TryGetNumber(o, out var n) ? n.ToString("R", CultureInfo.InvariantCulture) : null;
            return $"{scorer.OutputName(o)}={value ?? "missing"}";
        });
        return string.Join("; ", outputs);
    }
}
