using Slipway.Core;
using Slipway.Core.Expressions;
using Slipway.Pipelines.Steps;

namespace Slipway.Tests.Pipelines.Steps;

/// <summary>The contract of every step: a row comes out the same, whatever rows it goes in with.</summary>
public class RowByRowTests
{
    public static TheoryData<string> Steps => [.. All.Keys];

    private static Dictionary<string, StepSpec> All => new()
    {
        ["select"] = new Select(["n", "s"]),
        ["drop"] = new Drop(["f"]),
        ["rename"] = new Rename(new() { ["n"] = "m", ["s"] = "n" }),
        ["cast"] = new Cast(new() { ["s"] = CastType.Number, ["f"] = CastType.Integer, ["n"] = CastType.Boolean, ["b"] = CastType.Text }),
        ["fill-missing"] = new FillMissing(new() { ["s"] = "0", ["f"] = 1L, ["n"] = 2L, ["b"] = true }),
        ["clip"] = new Clip(new() { ["f"] = new ClipBounds(-1, 1), ["n"] = new ClipBounds(0, 3) }),
        ["scale"] = new Scale(new() { ["f"] = new Scaling(Mean: 0.3, Std: 0.7), ["n"] = new Scaling(Min: 0, Max: 3) }),
        ["one-hot"] = new OneHot("s", ["0", "1", "x"]),
        ["expression"] = new Compute(new() { ["p"] = Expression.Parse("f * n + 1"), ["q"] = Expression.Parse("s = '1' and not b") }),
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_batch_gives_what_its_rows_give_one_by_one(string name)
    {
        var random = new Random(7);
        for (var round = 0; round < 30; round++)
        {
            using var rows = Random(random, random.Next(1, 40));
            var step = All[name].Bind(Cells.SchemaOf(rows));
            using var whole = rows.Take([.. Enumerable.Range(0, rows.Rows)]);
            var faults = StepKit.Apply(step, whole);
            var lines = Cells.Lines(whole);
            for (var row = 0; row < lines.Length; row++)
            {
                using var single = rows.Take([row]);
                var fault = StepKit.Apply(step, single);
                Assert.Equal(lines[row], Cells.Lines(single)[0]);
                Assert.Equal(faults.Reasons.GetValueOrDefault(row), fault.Reasons.GetValueOrDefault(0));
            }
        }
    }

    private static Batch Random(Random random, int rows)
    {
        string[] texts = ["0", "1", "x", "3.5", ""];
        double[] numbers = [0, 1, -2.5, 1e300, double.NaN, double.PositiveInfinity];
        object?[] Values(Func<object> value) => [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? null : value())];
        return new Batch(
            Typed("s", ElementType.Bytes, Values(() => texts[random.Next(texts.Length)])),
            Typed("f", ElementType.Float64, Values(() => numbers[random.Next(numbers.Length)])),
            Typed("n", ElementType.Int64, Values(() => (long)random.Next(-1, 5))),
            Typed("b", ElementType.Bool, Values(() => random.Next(2) == 0)));
    }

    private static Tensor Typed(string name, ElementType type, object?[] values)
    {
        if (Array.Exists(values, v => v is not null)) return Cells.Column(name, values);
        if (type == ElementType.Bytes) return Tensor.OfText(name, new string?[values.Length]);
        var tensor = new Tensor(name, type, values.Length);
        for (var i = 0; i < values.Length; i++) tensor.SetMissing(i);
        return tensor;
    }
}
