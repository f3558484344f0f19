using System.Text;
using Slipway.Core;
using Slipway.Models.Rows;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Random ensembles against the standard's text written down plainly, and against themselves: no row may see the row before it.</summary>
public sealed class RandomEnsembleTests
{
    private const int Models = 60;
    private const int Rows = 40;

    private static readonly string[] Methods = ["sum", "weightedSum", "average", "weightedAverage", "median", "weightedMedian", "max"];

    private static readonly string[] Treatments = ["continue", "skipSegment", "returnMissing"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Numbers_are_what_the_standard_says_of_the_members_that_take_part(int seed)
    {
        var random = new Random(seed);
        for (var m = 0; m < Models; m++)
        {
            var (method, treatment, threshold) = (Methods[random.Next(Methods.Length)], Treatments[random.Next(3)], random.Next(5) / 4.0);
            var members = Enumerable.Range(0, random.Next(1, 7)).Select(_ => Member.Draw(random)).ToArray();
            using var model = PmmlTest.Open(PmmlTest.Document("x z *y", FormattableString.Invariant(
                $"<MiningModel functionName='regression'><MiningSchema/><Segmentation multipleModelMethod='{method}' missingPredictionTreatment='{treatment}' missingThreshold='{threshold}'>{string.Concat(members.Select(s => s.Text))}</Segmentation></MiningModel>")));
            var scorer = model.CreateScorer();
            for (var r = 0; r < Rows; r++)
            {
                double? x = random.Next(3) == 0 ? null : random.Next(-3, 4), z = random.Next(4) == 0 ? null : random.Next(-3, 4);
                var expected = Combine(method, treatment, threshold, [.. members.Where(s => s.TakesPart(z)).Select(s => (s.Predict(x), s.Weight))]);
                Set(scorer, x, z);
                scorer.Score();
                double? found = scorer.TryGetNumber(0, out var number) ? number : null;
                Assert.True(expected is null ? found is null : found is { } f && Math.Abs(f - expected.Value) <= 1e-9, $"model {m}, {method}, {treatment}, {threshold}, x={x}, z={z}: expected {expected}, found {found}");
            }
        }
    }

    [Theory]
    [InlineData("modelChain", "regression")]
    [InlineData("x-multiModelChain", "regression")]
    [InlineData("selectFirst", "regression")]
    [InlineData("selectAll", "regression")]
    [InlineData("average", "regression")]
    [InlineData("majorityVote", "classification")]
    [InlineData("weightedMajorityVote", "classification")]
    [InlineData("average", "classification")]
    [InlineData("max", "classification")]
    [InlineData("selectFirst", "classification")]
    [InlineData("modelChain", "classification")]
    public void Row_has_the_same_answer_alone_after_others_and_in_a_batch(string method, string function)
    {
        var random = new Random(7);
        for (var m = 0; m < Models / 3; m++)
        {
            var y = function == "regression" ? "*y" : "*y=a,b";
            using var model = PmmlTest.Open(PmmlTest.Document($"x z {y}", Nested(method, function, random)));
            var rows = Enumerable.Range(0, Rows).Select(_ => (X: random.Next(3) == 0 ? double.NaN : random.Next(-3, 4), Z: random.Next(4) == 0 ? double.NaN : random.Next(-3, 4))).ToArray();
            using var batch = new Batch(Tensor.Of<double>("x", [.. rows.Select(r => r.X)], Rows), Tensor.Of<double>("z", [.. rows.Select(r => r.Z)], Rows));
            using var together = model.Run(batch);
            var used = model.CreateScorer();
            for (var r = 0; r < Rows; r++)
            {
                var alone = Answer(model.CreateScorer(), rows[r].X, rows[r].Z);
                Assert.Equal(alone, Answer(used, rows[r].X, rows[r].Z));
                Assert.Equal(alone, string.Join("; ", together.Select(t => t.IsMissing(r) ? "missing" : t.Type == ElementType.Bytes ? t.GetText(r) : FormattableString.Invariant($"{t.NumberAt(r):R}"))));
            }
        }
    }

    /// <summary>PMML 4.4.1, MiningModel: multipleModelMethod, missingPredictionTreatment, missingThreshold.</summary>
    private static double? Combine(string method, string treatment, double threshold, (double? Value, double Weight)[] members)
    {
        var weighted = method.StartsWith("weighted", StringComparison.Ordinal);
        var present = members.Where(m => m.Value is not null).Select(m => (Value: m.Value!.Value, Weight: weighted ? m.Weight : 1)).OrderBy(m => m.Value).ToArray();
        if (present.Length == 0) return null;
        var all = members.Sum(m => weighted ? m.Weight : 1);
        var weights = present.Sum(m => m.Weight);
        if (present.Length < members.Length && (treatment != "skipSegment" || (all - weights) / all > threshold)) return null;
        var sum = present.Sum(m => m.Value * m.Weight);
        return method switch
        {
            "sum" or "weightedSum" => sum,
            "average" or "weightedAverage" => sum / weights,
            "max" => present[^1].Value,
            "median" => (present[(present.Length - 1) / 2].Value + present[present.Length / 2].Value) / 2,
            _ => present.First(m => present.Where(o => o.Value <= m.Value).Sum(o => o.Weight) >= weights / 2).Value,
        };
    }

    /// <summary>Predicts value + x, or the value alone; takes part where z is above a limit, or always.</summary>
    private sealed record Member(double Value, bool NeedsX, double Weight, int? Limit, bool IsTree)
    {
        public static Member Draw(Random random) =>
            new(random.Next(-8, 9) / 2.0, random.Next(3) == 0, random.Next(1, 5), random.Next(3) == 0 ? random.Next(-3, 3) : null, random.Next(2) == 0);

        public bool TakesPart(double? z) => Limit is null || z > Limit;

        public double? Predict(double? x) => NeedsX ? Value + x : Value;

        public string Text
        {
            get
            {
                var condition = Limit is { } limit ? FormattableString.Invariant($"<SimplePredicate field='z' operator='greaterThan' value='{limit}'/>") : "<True/>";
                var model = IsTree && !NeedsX
                    ? FormattableString.Invariant($"<TreeModel functionName='regression'><MiningSchema/><Node score='{Value}'><True/></Node></TreeModel>")
                    : FormattableString.Invariant($"<RegressionModel functionName='regression'><MiningSchema/><RegressionTable intercept='{Value}'>{(NeedsX ? "<NumericPredictor name='x' coefficient='1'/>" : "")}</RegressionTable></RegressionModel>");
                return FormattableString.Invariant($"<Segment weight='{Weight}'>{condition}{model}</Segment>");
            }
        }
    }

    /// <summary>Two ensembles of small models in one, with outputs of all of them.</summary>
    private static string Nested(string method, string function, Random random)
    {
        var treatment = Treatments[random.Next(3)];
        if (treatment == "skipSegment" && method.EndsWith("Chain", StringComparison.Ordinal)) treatment = "continue";
        var inner = function == "regression" ? "average" : "majorityVote";
        var segments = new StringBuilder();
        for (var s = 0; s < 3; s++)
        {
            var text = s == 1
                ? $"<MiningModel functionName='{function}'><MiningSchema/><Segmentation multipleModelMethod='{inner}' missingPredictionTreatment='{Treatments[random.Next(3)]}'>{Segment(function, random, 10, "")}{Segment(function, random, 11, "")}</Segmentation></MiningModel>"
                : Model(function, random, s);
            segments.Append($"<Segment id='{s}'>{Condition(random)}{text}</Segment>");
        }
        var outputs = string.Concat(Enumerable.Range(0, 3).Select(s => $"<OutputField name='of{s}' feature='predictedValue' segmentId='{s}'/>"));
        return $"<MiningModel functionName='{function}'><MiningSchema/><Output>{outputs}</Output><Segmentation multipleModelMethod='{method}' missingPredictionTreatment='{treatment}'>{segments}</Segmentation></MiningModel>";
    }

    private static string Segment(string function, Random random, int number, string attributes) => $"<Segment {attributes}>{Condition(random)}{Model(function, random, number)}</Segment>";

    private static string Condition(Random random) => random.Next(2) == 0 ? "<True/>" : $"<SimplePredicate field='z' operator='greaterThan' value='{random.Next(-3, 3)}'/>";

    private static string Model(string function, Random random, int number)
    {
        var output = $"<Output><OutputField name='out{number}' feature='predictedValue'/></Output>";
        var predictor = random.Next(2) == 0 ? "<NumericPredictor name='x' coefficient='0.25'/>" : "";
        return function == "regression"
            ? $"<RegressionModel functionName='regression'><MiningSchema/>{output}<RegressionTable intercept='{random.Next(5)}'>{predictor}</RegressionTable></RegressionModel>"
            : $"<RegressionModel functionName='classification' normalizationMethod='softmax'><MiningSchema/>{output}<RegressionTable targetCategory='a' intercept='{random.Next(-2, 3)}'>{predictor}</RegressionTable><RegressionTable targetCategory='b' intercept='0'/></RegressionModel>";
    }

    private static void Set(RowScorer scorer, double? x, double? z)
    {
        scorer.Set(0, x ?? double.NaN);
        scorer.Set(1, z ?? double.NaN);
    }

    private static string Answer(RowScorer scorer, double x, double z)
    {
        Set(scorer, x, z);
        scorer.Score();
        return string.Join("; ", Enumerable.Range(0, scorer.OutputCount).Select(o =>
            scorer.OutputType(o) == CellType.Text ? scorer.Text(o) ?? "missing" : scorer.TryGetNumber(o, out var n) ? FormattableString.Invariant($"{n:R}") : "missing"));
    }
}
