namespace Slipway.Core.Expressions;

/// <summary>Binds names to the columns of a table.</summary>
internal sealed class RowBinder(string source, TableSchema schema) : Binder(source)
{
    protected override Node? BindName(NameSyntax name)
    {
        if (schema.Find(name.Name) is { } column)
        {
            return ValueKinds.Of(column.Type) switch
            {
                ValueKind.Number => new NumberColumn(column.Name, column.Type),
                ValueKind.Truth => new TruthColumn(column.Name),
                _ => new TextColumn(column.Name),
            };
        }
        ReportUnknown(name, name.Name, "column", [.. schema.Names]);
        return null;
    }

    protected override Node? BindCall(CallSyntax call)
    {
        if (FunctionBinder.Takes(call)) return FunctionBinder.Bind(this, call);
        if (AggregateBinder.IsKnown(call.Function)) Report(call, $"{call.Function} is over many rows, and this condition is about one row; aggregates belong under monitor: watch:");
        else ReportUnknown(call, call.Function, "function", [.. ExpressionFunctions.Scalar.Select(f => f.Name)]);
        return null;
    }
}
