using System.Globalization;
using System.Text;

namespace Slipway.Core.Expressions;

/// <summary>Calls of the aggregates of a watch.</summary>
internal static class AggregateBinder
{
    private static readonly Dictionary<string, ExpressionFunction> Known = ExpressionFunctions.Aggregates.ToDictionary(f => f.Name);

    public static bool IsKnown(string name) => Known.ContainsKey(name) || Percentile(name) is not null;

    public static Node? Bind(Binder binder, IWatchScope scope, CallSyntax call)
    {
        var arguments = call.Arguments;
        var percentile = Percentile(call.Function);
        var wanted = call.Function is "quantile" or "share" ? 2 : 1;
        if (arguments.Length != wanted && !(call.Function == "count" && arguments.IsEmpty))
        {
            var usage = percentile is null ? Known[call.Function].Usage : $"{call.Function}(column)";
            binder.Report(call, $"{call.Function} is called as {usage}; {arguments.Length} values are given");
            return null;
        }
        if (arguments.IsEmpty) return new AggregateNode(new WatchAggregate(AggregateFunction.Count, null));
        if (arguments[0] is not NameSyntax column)
        {
            binder.Report(arguments[0], $"{call.Function} is taken of a column, and {binder.Quote(arguments[0])} is not one; an expression step in prepare can compute a column");
            return null;
        }
        if (scope.ColumnType(column.Name) is not { } type)
        {
            binder.ReportUnknown(column, column.Name, "column", [.. scope.ColumnNames]);
            return null;
        }
        var function = call.Function switch
        {
            "count" => AggregateFunction.Count,
            "mean" => AggregateFunction.Mean,
            "min" => AggregateFunction.Minimum,
            "max" => AggregateFunction.Maximum,
            "sum" => AggregateFunction.Sum,
            "std" => AggregateFunction.StandardDeviation,
            "distinct" => AggregateFunction.Distinct,
            "missing_rate" => AggregateFunction.MissingRate,
            "share" => AggregateFunction.Share,
            _ => AggregateFunction.Quantile,
        };
        var ofAnyKind = function is AggregateFunction.Count or AggregateFunction.Distinct or AggregateFunction.MissingRate or AggregateFunction.Share;
        if (!ofAnyKind && type == ElementType.Bytes)
        {
            binder.Report(column, $"{call.Function} wants numbers, and column '{column.Name}' is text; of text there are count, distinct, missing_rate and share");
            return null;
        }
        var aggregate = new WatchAggregate(function, column.Name);
        if (function == AggregateFunction.Share) return Share(binder, aggregate, type, arguments[1]);
        if (function != AggregateFunction.Quantile) return new AggregateNode(aggregate);
        if (call.Function == "quantile")
        {
            if (arguments[1] is not NumberSyntax { Value: >= 0 and <= 1 } probability)
            {
                binder.Report(arguments[1], "the second value of quantile is a constant from 0 to 1: quantile(column, 0.9)");
                return null;
            }
            percentile = probability.Value;
        }
        return new AggregateNode(aggregate with { Probability = percentile ?? 0.5 });
    }

    private static AggregateNode? Share(Binder binder, WatchAggregate aggregate, ElementType type, Syntax value)
    {
        var kind = ValueKinds.Of(type);
        switch (binder.Bind(value))
        {
            case NumberConstant number when kind == ValueKind.Number:
                return new AggregateNode(aggregate with { Value = NumberColumn.Nearest(number.Value, type) });
            case TruthConstant truth when kind == ValueKind.Truth:
                return new AggregateNode(aggregate with { Value = truth.Value == Truth.True ? 1 : 0 });
            case TextConstant { Value: { } text } when kind == ValueKind.Text:
                return new AggregateNode(aggregate with { Text = Encoding.UTF8.GetString(text) });
            case null: return null;
            default:
                binder.Report(value, $"column '{aggregate.Column}' holds {kind.Description}, so the second value of share is a constant that is {kind.Description}");
                return null;
        }
    }

    /// <summary>0.9 for <c>p90</c>; null for what is not p01 to p99.</summary>
    private static double? Percentile(string name) =>
        name.Length == 3 && name[0] == 'p' && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent > 0 ? percent / 100.0 : null;
}
