using System.Collections.Immutable;
using Slipway.Core;
using Slipway.Models.Formats.Pmml.Fields;
using Slipway.Models.Formats.Pmml.Reading;
using Slipway.Models.Rows;
using Slipway.Models.Rows.Functions;

namespace Slipway.Models.Formats.Pmml.Transformations;

/// <summary>The element <c>Apply</c>: a built-in function, or one that the file defines, of other expressions (PMML 4.4.1, Functions).</summary>
internal sealed record Apply(
    Place Place, string Function, ImmutableArray<Expression> Arguments, string? MapMissingTo, string? DefaultValue, InvalidTreatment Invalid) : Expression(Place)
{
    private static readonly Choices<InvalidTreatment> Treatments = new(
        ("returnInvalid", InvalidTreatment.Refuse), ("asIs", InvalidTreatment.Keep), ("asMissing", InvalidTreatment.AsMissing));

    public static Apply Read(ElementReader e)
    {
        var apply = new Apply(
            e.Place, e.Require("function"), [], e.Attribute("mapMissingTo"), e.Attribute("defaultValue"), e.Choice("invalidValueTreatment", Treatments, InvalidTreatment.Refuse));
        var arguments = ImmutableArray.CreateBuilder<Expression>();
        var depth = e.Depth;
        while (e.ReadChild(depth))
        {
            if (TryRead(e) is { } argument) arguments.Add(argument);
        }
        return apply with { Arguments = arguments.DrainToImmutable() };
    }

    public override bool IndexesText(FunctionTable functions)
    {
        foreach (var argument in Arguments)
        {
            if (argument.IndexesText(functions)) return true;
        }
        return functions.IndexesText(Function);
    }

    public override RowExpression Bind(Scope scope)
    {
        scope.Functions.CountWork(1, Place);
        var arguments = new RowExpression[Arguments.Length];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = Arguments[i].Bind(scope);
        var result = BindFunction(arguments, scope);
        result = new FunctionResult(Function, result, Invalid == InvalidTreatment.AsMissing);
        if (MapMissingTo is not null) result = new UnlessMissing(arguments, result, ParseFor(result, MapMissingTo, scope));
        if (DefaultValue is not null) result = new MissingAs(result, ParseFor(result, DefaultValue, scope));
        return result;
    }

    private RowExpression BindFunction(RowExpression[] arguments, Scope scope)
    {
        if (scope.Functions.TryBind(Function, arguments, scope, Place) is { } defined) return defined;
        if (!BuiltInFunctions.Exists(Function)) throw Place.Unsupported($"the function '{Function}', which is neither built in nor defined in the file,");
        try
        {
            return BuiltInFunctions.Bind(Function, arguments, scope.Symbols);
        }
        catch (ModelException e)
        {
            throw Place.Fault(e.Message);
        }
    }

    private double ParseFor(RowExpression result, string text, Scope scope)
    {
        var cell = scope.Program.Parse(text, DataType.Of(result.Type));
        return Cell.IsInvalid(cell) ? throw Place.Fault($"'{text}' is not of type {DataType.Of(result.Type).Name}, as the result of '{Function}' is") : cell;
    }

    /// <summary>What a function computes, unless it has no result for its arguments.</summary>
    private sealed class FunctionResult(string function, RowExpression value, bool asMissing) : RowExpression(value.Type)
    {
        public override double Evaluate(in Row row)
        {
            var cell = value.Evaluate(row);
            if (!Cell.IsInvalid(cell)) return cell;
            return asMissing ? Cell.Missing : throw new RecordException($"the function '{function}' has no result for this record's values");
        }
    }

    private sealed class UnlessMissing(RowExpression[] arguments, RowExpression value, double otherwise) : RowExpression(value.Type)
    {
        public override double Evaluate(in Row row)
        {
            foreach (var argument in arguments)
            {
                if (Cell.IsMissing(argument.Evaluate(row))) return otherwise;
            }
            return value.Evaluate(row);
        }
    }
}
