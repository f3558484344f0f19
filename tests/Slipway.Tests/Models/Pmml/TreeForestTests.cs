using System.Globalization;
using Slipway.Core;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Trees;

namespace Slipway.Tests.Models.Pmml;

/// <summary>Random trees and forests against <see cref="TreeOracle"/>, to the last bit, one row at a time and in batches.</summary>
public sealed class TreeForestTests
{
    private const int Rows = 150;

    private static readonly string[] Strategies = ["none", "lastPrediction", "nullPrediction", "defaultChild"];

    public static TheoryData<int, string, bool> Shapes
    {
        get
        {
            var data = new TheoryData<int, string, bool>();
            for (var seed = 1; seed <= 4; seed++)
            {
                foreach (var strategy in Strategies)
                {
                    data.Add(seed, strategy, false);
                    data.Add(seed, strategy, true);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_tree_ends_where_the_standard_says(int seed, string strategy, bool returnsLast)
    {
        var random = new Random(seed);
        for (var round = 0; round < 5; round++)
        {
            var tree = new TreeOracle(random, 6, isCategorical: false, strategy, returnsLast);
            AssertAgrees(random, PmmlTest.Document(TreeOracle.Fields, tree.Element), row => tree.Find(row)?.Score);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_sum_of_trees_is_added_up_in_their_order(int seed, string strategy, bool returnsLast)
    {
        var (random, trees) = Forest(seed, strategy, returnsLast, isCategorical: false);
        var program = AssertAgrees(random, Mining("regression", "sum", trees), row => Sum(trees, row));
        Assert.IsAssignableFrom<TreeForest>(Unwrap(program));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_float_sum_of_trees_is_rounded_after_every_tree(int seed, string strategy, bool returnsLast)
    {
        var (random, trees) = Forest(seed, strategy, returnsLast, isCategorical: false, isFloat: true);
        AssertAgrees(random, Mining("regression", "sum", trees, " x-mathContext='float'"), row =>
        {
            float sum = 0;
            foreach (var tree in trees)
            {
                if (tree.Find(row) is not { } node) return null;
                sum += (float)node.Score;
            }
            return (double)sum;
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_weighted_mean_of_trees_is_divided_once(int seed, string strategy, bool returnsLast)
    {
        var (random, trees) = Forest(seed, strategy, returnsLast, isCategorical: false);
        AssertAgrees(random, Mining("regression", "weightedAverage", trees), row =>
        {
            double sum = 0, weights = 0;
            for (var i = 0; i < trees.Length; i++)
            {
                if (trees[i].Find(row) is not { } node) return null;
                sum += node.Score * Weight(i);
                weights += Weight(i);
            }
            return sum / weights;
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Probabilities_of_trees_are_averaged(int seed, string strategy, bool returnsLast)
    {
        var (random, trees) = Forest(seed, strategy, returnsLast, isCategorical: true);
        const string output = "<Output><OutputField name='q' feature='probability' value='q' dataType='double' optype='continuous'/></Output>";
        AssertAgrees(random, Mining("classification", "average", trees, "", output), row =>
        {
            double sum = 0;
            foreach (var tree in trees)
            {
                if (tree.Find(row) is not { } node) return null;
                sum += node.Probability(1);
            }
            return sum / trees.Length;
        }, "q");
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Trees_vote_and_of_equals_the_first_vote_wins(int seed, string strategy, bool returnsLast)
    {
        var (random, trees) = Forest(seed, strategy, returnsLast, isCategorical: true);
        AssertAgrees(random, Mining("classification", "majorityVote", trees, "", "", " missingPredictionTreatment='returnMissing'"), row =>
        {
            var votes = trees.Select(t => t.Find(row)?.Category).ToArray();
            if (votes.Contains(null)) return null;
            return votes.GroupBy(v => v).OrderByDescending(g => g.Count()).ThenBy(g => Array.IndexOf(votes, g.Key)).First().Key;
        });
    }

    [Fact]
    public void A_forest_allocates_nothing_for_a_row()
    {
        var (random, trees) = Forest(3, "none", true, isCategorical: false);
        using var model = PmmlTest.Open(Mining("regression", "sum", trees));
        var scorer = model.CreateScorer();
        var rows = Enumerable.Range(0, 64).Select(_ => MakeRow(random)).ToArray();
        Assert.Equal(0, Allocations.Of(() => Score(scorer, rows)));
    }

    private static void Score(RowScorer scorer, object?[][] rows)
    {
        foreach (var row in rows)
        {
            for (var i = 0; i < 4; i++)
            {
                if (row[i] is double number) scorer.Set(i, number);
                else scorer.SetMissing(i);
            }
            scorer.Score();
        }
    }

    private static (Random, TreeOracle[]) Forest(int seed, string strategy, bool returnsLast, bool isCategorical, bool isFloat = false)
    {
        var random = new Random(seed * 7919);
        return (random, [.. Enumerable.Range(0, 9).Select(_ => new TreeOracle(random, 5, isCategorical, strategy, returnsLast, isFloat))]);
    }

    private static double? Sum(TreeOracle[] trees, object?[] row)
    {
        double sum = 0;
        foreach (var tree in trees)
        {
            if (tree.Find(row) is not { } node) return null;
            sum += node.Score;
        }
        return sum;
    }

    private static double Weight(int tree) => (tree + 1) / 8.0;

    private static string Mining(string function, string method, TreeOracle[] trees, string attributes = "", string output = "", string treatment = "")
    {
        var segments = trees.Select((t, i) => string.Create(CultureInfo.InvariantCulture, $"<Segment weight='{Weight(i)}'><True/>{t.Element.Replace("<MiningSchema/>", "<MiningSchema ></MiningSchema>", StringComparison.Ordinal)}</Segment>"));
        var fields = function == "classification" ? TreeOracle.Fields.Replace("*y", "*y=p,q,r", StringComparison.Ordinal) : TreeOracle.Fields;
        return PmmlTest.Document(fields, $"<MiningModel functionName='{function}'{attributes}><MiningSchema/>{output}<Segmentation multipleModelMethod='{method}'{treatment}>{string.Concat(segments)}</Segmentation></MiningModel>");
    }

    private static RowModel Unwrap(RowProgramModel model) => ((Slipway.Models.Formats.Pmml.Models.Mining.SegmentedModel)model.Program.Model).Model;

    private static RowProgramModel AssertAgrees(Random random, string document, Func<object?[], object?> expected, string output = "y")
    {
        using var model = PmmlTest.Open(document);
        var rows = Enumerable.Range(0, Rows).Select(_ => MakeRow(random)).ToArray();
        using var inputs = Batch(rows);
        using var answers = model.Run(inputs);
        var column = answers[output];
        for (var i = 0; i < rows.Length; i++)
        {
            object? found = column.IsMissing(i) ? null : column.Type == ElementType.Bytes ? column.GetText(i) : column.NumberAt(i);
            Assert.Equal(expected(rows[i]), found);
        }
        foreach (var row in rows.Take(30))
        {
            using var single = Batch([row]);
            using var answer = model.Run(single);
            object? found = answer[output].IsMissing(0) ? null : answer[output].Type == ElementType.Bytes ? answer[output].GetText(0) : answer[output].NumberAt(0);
            Assert.Equal(expected(row), found);
        }
        return model;
    }

    /// <summary>Some rows are complete, most miss a value or two.</summary>
    private static object?[] MakeRow(Random random)
    {
        var gaps = random.Next(3) == 0 ? 0 : 6;
        var row = new object?[6];
        for (var i = 0; i < 4; i++) row[i] = random.Next(20) < gaps ? null : Math.Round((random.NextDouble() * 5) - 2.5, 1);
        row[4] = random.Next(20) < gaps ? null : "abde"[random.Next(4)].ToString();
        row[5] = random.Next(20) < gaps ? null : "12347"[random.Next(5)].ToString();
        return row;
    }

    private static Batch Batch(object?[][] rows)
    {
        var batch = new Batch();
        for (var i = 0; i < 4; i++) batch.Add(Tensor.OfText($"x{i}", rows.Select(r => r[i] is double x ? x.ToString("R", CultureInfo.InvariantCulture) : null).ToArray()));
        batch.Add(Tensor.OfText("c", rows.Select(r => (string?)r[4]).ToArray()));
        batch.Add(Tensor.OfText("n", rows.Select(r => (string?)r[5]).ToArray()));
        return batch;
    }
}
