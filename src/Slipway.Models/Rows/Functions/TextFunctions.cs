namespace Slipway.Models.Rows.Functions;

/// <summary>Texts are counted in UTF-16 units, from 1. A text that a function makes is allocated only when neither the model nor the row has it yet.</summary>
internal static class TextFunctions
{
    public static RowExpression Uppercase(FunctionCall call) => new CaseExpression(call.Text(0), upper: true);

    public static RowExpression Lowercase(FunctionCall call) => new CaseExpression(call.Text(0), upper: false);

    public static RowExpression StringLength(FunctionCall call) => new LengthExpression(call.Text(0));

    public static RowExpression Substring(FunctionCall call) => new SubstringExpression(call.Text(0), call.Integer(1), call.Integer(2));

    public static RowExpression TrimBlanks(FunctionCall call) => new TrimExpression(call.Text(0));

    /// <summary>Missing arguments are left out, as in the reference engine; the result is never missing.</summary>
    public static RowExpression Concat(FunctionCall call)
    {
        var texts = new RowExpression[call.Count];
        for (var i = 0; i < texts.Length; i++) texts[i] = call.Text(i);
        return new ConcatExpression(texts);
    }

    private sealed class CaseExpression(RowExpression text, bool upper) : RowExpression(CellType.Text)
    {
        public override double Evaluate(in Row row)
        {
            var cell = text.Evaluate(row);
            if (Cell.HasNoValue(cell)) return cell;
            var buffer = new TextBuffer(stackalloc char[TextBuffer.OnStack]);
            try
            {
                if (upper) CaseMapping.Upper(row.Texts[cell], ref buffer);
                else CaseMapping.Lower(row.Texts[cell], ref buffer);
                return buffer.Intern(row);
            }
            finally
            {
                buffer.Dispose();
            }
        }
    }

    private sealed class LengthExpression(RowExpression text) : RowExpression(CellType.Integer)
    {
        public override double Evaluate(in Row row)
        {
            var cell = text.Evaluate(row);
            return Cell.HasNoValue(cell) ? cell : row.Texts[cell].Length;
        }
    }

    /// <summary>Invalid when the start is before the first character or the length is negative; what lies behind the end is left out.</summary>
    private sealed class SubstringExpression(RowExpression text, RowExpression start, RowExpression length) : RowExpression(CellType.Text)
    {
        public override double Evaluate(in Row row)
        {
            var cell = text.Evaluate(row);
            var from = start.Evaluate(row);
            var count = length.Evaluate(row);
            if (Cell.HasNoValue(cell)) return cell;
            if (Cell.HasNoValue(from)) return from;
            if (Cell.HasNoValue(count)) return count;
            if (from < 1 || count < 0) return Cell.Invalid;
            var rest = row.Texts[cell].AsSpan();
            rest = rest[(int)Math.Min(from - 1, rest.Length)..];
            return row.Texts.Intern(rest[..(int)Math.Min(count, rest.Length)]);
        }
    }

    /// <summary>Blanks are all characters up to the space.</summary>
    private sealed class TrimExpression(RowExpression text) : RowExpression(CellType.Text)
    {
        public override double Evaluate(in Row row)
        {
            var cell = text.Evaluate(row);
            if (Cell.HasNoValue(cell)) return cell;
            var value = row.Texts[cell].AsSpan();
            var start = 0;
            var end = value.Length;
            while (start < end && value[start] <= ' ') start++;
            while (end > start && value[end - 1] <= ' ') end--;
            return end - start == value.Length ? cell : row.Texts.Intern(value[start..end]);
        }
    }

    private sealed class ConcatExpression(RowExpression[] texts) : RowExpression(CellType.Text)
    {
        public override double Evaluate(in Row row)
        {
            var buffer = new TextBuffer(stackalloc char[TextBuffer.OnStack]);
            try
            {
                var isInvalid = false;
                foreach (var text in texts)
                {
                    var cell = text.Evaluate(row);
                    isInvalid |= Cell.IsInvalid(cell);
                    if (!Cell.HasNoValue(cell)) buffer.Append(row.Texts[cell]);
                }
                return isInvalid ? Cell.Invalid : buffer.Intern(row);
            }
            finally
            {
                buffer.Dispose();
            }
        }
    }
}
