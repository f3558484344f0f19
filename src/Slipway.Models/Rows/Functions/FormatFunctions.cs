namespace Slipway.Models.Rows.Functions;

/// <summary>formatNumber, formatDatetime: the patterns of C's printf and strftime.</summary>
internal static class FormatFunctions
{
    public static RowExpression FormatNumber(FunctionCall call) =>
        new NumberExpression(call.Number(0), new CompiledArgument<NumberFormat>(call, 1, NumberFormat.Parse));

    public static RowExpression FormatDatetime(FunctionCall call) =>
        new MomentExpression(DateFunctions.Moment(call, 0), new CompiledArgument<TemporalFormat>(call, 1, TemporalFormat.Parse));

    /// <summary>Invalid when the pattern is for integers and the number is none.</summary>
    private sealed class NumberExpression(RowExpression number, CompiledArgument<NumberFormat> pattern) : RowExpression(CellType.Text)
    {
        public override double Evaluate(in Row row)
        {
            var cell = number.Evaluate(row);
            var reason = pattern.TryGet(row, out var format);
            if (Cell.HasNoValue(cell)) return cell;
            if (format is null) return reason;
            var buffer = new TextBuffer(stackalloc char[TextBuffer.OnStack]);
            try
            {
                return format.TryWrite(cell, number.Type, ref buffer) ? buffer.Intern(row) : Cell.Invalid;
            }
            finally
            {
                buffer.Dispose();
            }
        }
    }

    private sealed class MomentExpression(RowExpression moment, CompiledArgument<TemporalFormat> pattern) : RowExpression(CellType.Text)
    {
        public override double Evaluate(in Row row)
        {
            var cell = moment.Evaluate(row);
            var reason = pattern.TryGet(row, out var format);
            if (Cell.HasNoValue(cell)) return cell;
            if (format is null) return reason;
            var buffer = new TextBuffer(stackalloc char[TextBuffer.OnStack]);
            try
            {
                format.Write(cell, ref buffer);
                return buffer.Intern(row);
            }
            finally
            {
                buffer.Dispose();
            }
        }
    }
}
