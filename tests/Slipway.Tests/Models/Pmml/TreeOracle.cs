using System.Globalization;
using System.Text;

namespace Slipway.Tests.Models.Pmml;

/// <summary>A random decision tree, as PMML and as a direct reading of the standard's text: node by node, recursively.</summary>
internal sealed class TreeOracle
{
    public const string Fields = "x0 x1 x2 x3 c=a,b,d,e n:integer=1,2,3,4,7 *y";
    public static readonly string[] Categories = ["p", "q", "r"];

    private readonly Random _random;
    private readonly bool _isCategorical;
    private readonly string _strategy;
    private readonly bool _returnsLast;
    private readonly bool _isFloat;
    private readonly StringBuilder _xml = new();
    private readonly Node _root;
    private int _ids;

    /// <param name="isCategorical">Predicts p, q or r with probabilities.</param>
    /// <param name="strategy">Of the standard's names for missing values.</param>
    public TreeOracle(Random random, int depth, bool isCategorical, string strategy, bool returnsLast, bool isFloat = false)
    {
        (_random, _isCategorical, _strategy, _returnsLast, _isFloat) = (random, isCategorical, strategy, returnsLast, isFloat);
        _root = MakeNode("<True/>", _ => true, depth);
    }

    public string Element => $"""
        <TreeModel functionName="{(_isCategorical ? "classification" : "regression")}" missingValueStrategy="{_strategy}" noTrueChildStrategy="{(_returnsLast ? "returnLastPrediction" : "returnNullPrediction")}"{(_isFloat ? " x-mathContext=\"float\"" : "")}><MiningSchema/>{_xml}</TreeModel>
        """;

    /// <summary>The node a row ends in; null when the tree has no result for it.</summary>
    /// <param name="row">x0…x3, c and n: numbers and texts; null is missing.</param>
    public Node? Find(object?[] row) => Follow(_root, row);

    private Node? Follow(Node node, object?[] row)
    {
        if (node.Children.Count == 0) return node;
        foreach (var child in node.Children)
        {
            var holds = child.Holds(row);
            if (holds == true) return Follow(child, row);
            if (holds is not null) continue;
            switch (_strategy)
            {
                case "lastPrediction": return node;
                case "nullPrediction": return null;
                case "defaultChild": return Follow(node.Children[node.Default], row);
            }
        }
        return _returnsLast ? node : null;
    }

    private Node MakeNode(string predicate, Func<object?[], bool?> holds, int depth)
    {
        var score = _isFloat ? (double)(float)(_random.NextDouble() - 0.5) : _random.NextDouble() - 0.5;
        var counts = Categories.Select(_ => _random.Next(1, 50)).ToArray();
        var node = new Node(holds, score, Categories[_random.Next(3)], counts, _random.Next(2));
        var id = _ids++;
        var children = depth > 0 && _random.Next(8) > 0 ? MakePredicates() : [];
        node.Default = children.Count == 0 ? 0 : _random.Next(children.Count);
        // Children are numbered in the order in which they are written.
        var place = _xml.Length;
        _xml.Append(predicate);
        if (_isCategorical)
        {
            for (var i = 0; i < 3; i++) _xml.Append(CultureInfo.InvariantCulture, $"<ScoreDistribution value=\"{Categories[i]}\" recordCount=\"{counts[i]}\"/>");
        }
        var ids = new List<int>();
        foreach (var (xml, test) in children)
        {
            ids.Add(_ids);
            node.Children.Add(MakeNode(xml, test, depth - 1));
        }
        var text = _isCategorical ? node.Category : _isFloat ? ((float)score).ToString("R", CultureInfo.InvariantCulture) : score.ToString("R", CultureInfo.InvariantCulture);
        var defaultChild = ids.Count == 0 ? "" : $" defaultChild=\"{ids[node.Default]}\"";
        _xml.Insert(place, $"<Node id=\"{id}\" score=\"{text}\"{defaultChild}>").Append("</Node>");
        return node;
    }

    private List<(string, Func<object?[], bool?>)> MakePredicates()
    {
        switch (_random.Next(7))
        {
            case 0:
                return Complements(Category(4, "c", Subset("a", "b", "d", "e")));
            case 1:
                return Complements(Category(5, "n", Subset("1", "2", "3", "4", "7")));
            case 2:
                var name = _random.Next(2) == 0 ? "a" : "b";
                return [($"<SimplePredicate field=\"c\" operator=\"equal\" value=\"{name}\"/>", Known(4, v => (string)v == name)), ($"<SimplePredicate field=\"c\" operator=\"notEqual\" value=\"{name}\"/>", Known(4, v => (string)v != name))];
            case 3:
                var three = Number();
                return [Below(three.Field, three.Threshold), AtLeast(three.Field, three.Threshold, three.Threshold + 1), AtLeast(three.Field, three.Threshold + 1, double.PositiveInfinity)];
            case 4:
                var missing = Number();
                return [($"<SimplePredicate field=\"x{missing.Field}\" operator=\"isMissing\"/>", row => row[missing.Field] is null), Below(missing.Field, missing.Threshold), ("<True/>", _ => true)];
            case 5:
                var one = Number();
                return [Below(one.Field, one.Threshold)];
            default:
                var (field, threshold) = Number();
                return Complements((Below(field, threshold), AtLeast(field, threshold, double.PositiveInfinity)));
        }
    }

    private List<(string, Func<object?[], bool?>)> Complements(((string, Func<object?[], bool?>) First, (string, Func<object?[], bool?>) Second) pair) =>
        _random.Next(2) == 0 ? [pair.First, pair.Second] : [pair.Second, pair.First];

    private (int Field, double Threshold) Number() => (_random.Next(4), Math.Round((_random.NextDouble() * 4) - 2, 1));

    private string[] Subset(params string[] values)
    {
        var some = values.Where(_ => _random.Next(2) == 0).ToArray();
        return some.Length == 0 ? [values[0]] : some;
    }

    private ((string, Func<object?[], bool?>), (string, Func<object?[], bool?>)) Category(int column, string field, string[] members)
    {
        var array = $"<Array type=\"string\" n=\"{members.Length}\">{string.Join(' ', members)}</Array>";
        return (($"<SimpleSetPredicate field=\"{field}\" booleanOperator=\"isIn\">{array}</SimpleSetPredicate>", Known(column, v => members.Contains(v))),
            ($"<SimpleSetPredicate field=\"{field}\" booleanOperator=\"isNotIn\">{array}</SimpleSetPredicate>", Known(column, v => !members.Contains(v))));
    }

    private static (string, Func<object?[], bool?>) Below(int field, double threshold) =>
        (string.Create(CultureInfo.InvariantCulture, $"<SimplePredicate field=\"x{field}\" operator=\"lessThan\" value=\"{threshold}\"/>"), Known(field, v => (double)v < threshold));

    private static (string, Func<object?[], bool?>) AtLeast(int field, double low, double high)
    {
        var atLeast = string.Create(CultureInfo.InvariantCulture, $"<SimplePredicate field=\"x{field}\" operator=\"greaterOrEqual\" value=\"{low}\"/>");
        if (double.IsInfinity(high)) return (atLeast, Known(field, v => (double)v >= low));
        var below = string.Create(CultureInfo.InvariantCulture, $"<SimplePredicate field=\"x{field}\" operator=\"lessThan\" value=\"{high}\"/>");
        return ($"<CompoundPredicate booleanOperator=\"and\">{atLeast}{below}</CompoundPredicate>", Known(field, v => (double)v >= low && (double)v < high));
    }

    private static Func<object?[], bool?> Known(int column, Func<object, bool> holds) => row => row[column] is { } value ? holds(value) : null;

    internal sealed record Node(Func<object?[], bool?> Holds, double Score, string Category, int[] Counts, int Default)
    {
        public List<Node> Children { get; } = [];

        public int Default { get; set; } = Default;

        public double Probability(int category) => (double)Counts[category] / Counts.Sum();
    }
}
