using System.Collections.Frozen;
using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>
/// The functions that PMML 4.4.1 builds in ("Built-in functions"), <c>atan2</c>, which its reference engine adds, and the names with
/// <c>x-</c> that functions had before PMML 4.4 took them in. Unless a function says otherwise, its result is missing when an argument is.
/// A function that has no result for its arguments returns <see cref="Cell.Invalid"/>. All but <c>if</c> evaluate all of their arguments,
/// also when one decides: a record with a value that is refused stays a bad record.
/// </summary>
internal static class BuiltInFunctions
{
    private const int Any = int.MaxValue;

    private static readonly string[] OnceExtensions =
        ["acos", "asin", "atan", "cos", "cosh", "expm1", "hypot", "ln1p", "modulo", "rint", "sin", "sinh", "tan", "tanh"];

    private static readonly FrozenDictionary<string, Function> Functions = Collect(new Dictionary<string, Function>
    {
        ["+"] = new(2, 2, BinaryFunction<Arithmetic.Sum>.Bind),
        ["-"] = new(2, 2, BinaryFunction<Arithmetic.Difference>.Bind),
        ["*"] = new(2, 2, BinaryFunction<Arithmetic.Product>.Bind),
        ["/"] = new(2, 2, Arithmetic.Divide),
        ["modulo"] = new(2, 2, Arithmetic.Modulo),

        ["min"] = new(1, Any, AggregateFunction<Aggregates.Minimum>.Bind),
        ["max"] = new(1, Any, AggregateFunction<Aggregates.Maximum>.Bind),
        ["sum"] = new(1, Any, AggregateFunction<Aggregates.Sum>.Bind),
        ["product"] = new(1, Any, AggregateFunction<Aggregates.Product>.Bind),
        ["avg"] = new(1, Any, AggregateFunction<Aggregates.Average>.BindToFloatingPoint),
        ["median"] = new(1, Any, AggregateFunction<Aggregates.Median>.BindToFloatingPoint),

        ["log10"] = new(1, 1, UnaryFunction<Mathematics.Log10>.BindTo<Float64Result>),
        ["ln"] = new(1, 1, UnaryFunction<Mathematics.Ln>.BindTo<Float64Result>),
        ["ln1p"] = new(1, 1, UnaryFunction<Mathematics.Ln1P>.BindTo<Float64Result>),
        ["exp"] = new(1, 1, UnaryFunction<Mathematics.Exp>.BindTo<Float64Result>),
        ["expm1"] = new(1, 1, UnaryFunction<Mathematics.ExpM1>.BindTo<Float64Result>),
        ["sqrt"] = new(1, 1, UnaryFunction<Mathematics.Sqrt>.BindTo<Float64Result>),
        ["abs"] = new(1, 1, UnaryFunction<Mathematics.Abs>.Bind),
        ["floor"] = new(1, 1, UnaryFunction<Mathematics.Floor>.BindTo<IntegerResult>),
        ["ceil"] = new(1, 1, UnaryFunction<Mathematics.Ceil>.BindTo<IntegerResult>),
        ["round"] = new(1, 1, UnaryFunction<Mathematics.Round>.BindTo<IntegerResult>),
        ["rint"] = new(1, 1, UnaryFunction<Mathematics.Rint>.Bind),
        ["pow"] = new(2, 2, BinaryFunction<Mathematics.Pow>.Bind),
        ["threshold"] = new(2, 2, BinaryFunction<Mathematics.Threshold>.Bind),
        ["hypot"] = new(2, 2, BinaryFunction<Mathematics.Hypot>.BindTo<Float64Result>),

        ["sin"] = new(1, 1, UnaryFunction<Mathematics.Sin>.BindTo<DefinedResult>),
        ["asin"] = new(1, 1, UnaryFunction<Mathematics.Asin>.BindTo<DefinedResult>),
        ["sinh"] = new(1, 1, UnaryFunction<Mathematics.Sinh>.BindTo<DefinedResult>),
        ["cos"] = new(1, 1, UnaryFunction<Mathematics.Cos>.BindTo<DefinedResult>),
        ["acos"] = new(1, 1, UnaryFunction<Mathematics.Acos>.BindTo<DefinedResult>),
        ["cosh"] = new(1, 1, UnaryFunction<Mathematics.Cosh>.BindTo<DefinedResult>),
        ["tan"] = new(1, 1, UnaryFunction<Mathematics.Tan>.BindTo<DefinedResult>),
        ["atan"] = new(1, 1, UnaryFunction<Mathematics.Atan>.BindTo<DefinedResult>),
        ["tanh"] = new(1, 1, UnaryFunction<Mathematics.Tanh>.BindTo<DefinedResult>),
        ["atan2"] = new(2, 2, BinaryFunction<Mathematics.Atan2>.BindTo<DefinedResult>),

        ["erf"] = new(1, 1, UnaryFunction<ErrorFunction>.BindTo<Float64Result>),
        ["normalCDF"] = new(3, 3, TernaryFunction<NormalDistribution.ScaledProbability>.Bind),
        ["normalPDF"] = new(3, 3, TernaryFunction<NormalDistribution.ScaledDensity>.Bind),
        ["normalIDF"] = new(3, 3, TernaryFunction<NormalDistribution.ScaledQuantile>.Bind),
        ["stdNormalCDF"] = new(1, 1, UnaryFunction<NormalDistribution.StandardProbability>.BindTo<Float64Result>),
        ["stdNormalPDF"] = new(1, 1, UnaryFunction<NormalDistribution.StandardDensity>.BindTo<Float64Result>),
        ["stdNormalIDF"] = new(1, 1, UnaryFunction<NormalDistribution.StandardQuantile>.BindTo<Float64Result>),

        ["isMissing"] = new(1, 1, Presence.IsMissing),
        ["isNotMissing"] = new(1, 1, Presence.IsNotMissing),
        ["isValid"] = new(1, 1, Presence.IsValid),
        ["isNotValid"] = new(1, 1, Presence.IsNotValid),

        ["equal"] = new(2, 2, ComparisonFunction<Comparison.Equal>.BindEquality),
        ["notEqual"] = new(2, 2, ComparisonFunction<Comparison.NotEqual>.BindEquality),
        ["lessThan"] = new(2, 2, ComparisonFunction<Comparison.LessThan>.BindOrder),
        ["lessOrEqual"] = new(2, 2, ComparisonFunction<Comparison.LessOrEqual>.BindOrder),
        ["greaterThan"] = new(2, 2, ComparisonFunction<Comparison.GreaterThan>.BindOrder),
        ["greaterOrEqual"] = new(2, 2, ComparisonFunction<Comparison.GreaterOrEqual>.BindOrder),

        ["and"] = new(2, Any, Logic.And),
        ["or"] = new(2, Any, Logic.Or),
        ["not"] = new(1, 1, Logic.Not),
        ["isIn"] = new(2, Any, Membership.IsIn),
        ["isNotIn"] = new(2, Any, Membership.IsNotIn),
        ["if"] = new(2, 3, Conditional.Bind),

        ["uppercase"] = new(1, 1, TextFunctions.Uppercase),
        ["lowercase"] = new(1, 1, TextFunctions.Lowercase),
        ["stringLength"] = new(1, 1, TextFunctions.StringLength),
        ["substring"] = new(3, 3, TextFunctions.Substring),
        ["trimBlanks"] = new(1, 1, TextFunctions.TrimBlanks),
        ["concat"] = new(2, Any, TextFunctions.Concat),
        ["replace"] = new(3, 3, PatternFunctions.Replace),
        ["matches"] = new(2, 2, PatternFunctions.Matches),
        ["formatNumber"] = new(2, 2, FormatFunctions.FormatNumber),
        ["formatDatetime"] = new(2, 2, FormatFunctions.FormatDatetime),

        ["dateDaysSinceYear"] = new(2, 2, DateFunctions.DaysSinceYear),
        ["dateSecondsSinceYear"] = new(2, 2, DateFunctions.SecondsSinceYear),
        ["dateSecondsSinceMidnight"] = new(1, 1, DateFunctions.SecondsSinceMidnight),
    });

    private delegate RowExpression Binder(FunctionCall call);

    public static IEnumerable<string> Names => Functions.Keys;

    public static bool Exists(string name) => Functions.ContainsKey(name);

    /// <summary>A function of its arguments, typed: integers of integers stay integers, else the widest type; texts are parsed where a number is needed.</summary>
    /// <exception cref="ModelException">There is no such function, or it does not take these arguments. The message lacks the place.</exception>
    public static RowExpression Bind(string name, ReadOnlySpan<RowExpression> arguments, SymbolTable symbols)
    {
        if (!Functions.TryGetValue(name, out var function)) throw new ModelException($"there is no function '{name}'");
        function.CheckCount(name, arguments.Length);
        return function.Bind(new FunctionCall(name, arguments, symbols));
    }

    private static FrozenDictionary<string, Function> Collect(Dictionary<string, Function> functions)
    {
        foreach (var name in OnceExtensions) functions.Add("x-" + name, functions[name]);
        return functions.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private sealed record Function(int Minimum, int Maximum, Binder Bind)
    {
        public void CheckCount(string name, int count)
        {
            if (count >= Minimum && count <= Maximum) return;
            var takes = Maximum == Any ? $"{Minimum} or more" : Minimum == Maximum ? $"{Minimum}" : $"{Minimum} to {Maximum}";
            throw new ModelException($"function '{name}' takes {takes} {(Maximum == 1 ? "argument" : "arguments")}, {count} given");
        }
    }
}
