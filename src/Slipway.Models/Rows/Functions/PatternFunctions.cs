using Slipway.Core;

namespace Slipway.Models.Rows.Functions;

/// <summary>matches, replace: regular expressions of PCRE and Java. A match that takes too long has no result.</summary>
internal static class PatternFunctions
{
    /// <summary>Whether any part of the text matches.</summary>
    public static RowExpression Matches(FunctionCall call) =>
        new MatchesExpression(call.Text(0), new CompiledArgument<Pattern>(call, 1, Pattern.Compile));

    /// <summary>Replaces every match.</summary>
    public static RowExpression Replace(FunctionCall call)
    {
        var pattern = new CompiledArgument<Pattern>(call, 1, Pattern.Compile);
        if (pattern.Constant is not { } compiled) return new ReplaceExpression(call.Text(0), pattern, null, call.Text(2));
        var template = new CompiledArgument<ReplacementTemplate>(call, 2, text => ReplacementTemplate.Parse(text, compiled));
        return new ReplaceExpression(call.Text(0), pattern, template, call.Text(2));
    }

    private sealed class MatchesExpression(RowExpression text, CompiledArgument<Pattern> pattern) : RowExpression(CellType.Boolean)
    {
        public override double Evaluate(in Row row)
        {
            var cell = text.Evaluate(row);
            var reason = pattern.TryGet(row, out var compiled);
            if (Cell.HasNoValue(cell)) return cell;
            return compiled is null ? reason : compiled.IsMatch(row.Texts[cell]);
        }
    }

    private sealed class ReplaceExpression(
        RowExpression text, CompiledArgument<Pattern> pattern, CompiledArgument<ReplacementTemplate>? template, RowExpression replacement) : RowExpression(CellType.Text)
    {
        public override double Evaluate(in Row row)
        {
            var cell = text.Evaluate(row);
            var reason = pattern.TryGet(row, out var compiled);
            var by = replacement.Evaluate(row);
            if (Cell.HasNoValue(cell)) return cell;
            if (compiled is null) return reason;
            reason = TryGetTemplate(row, by, compiled, out var parsed);
            if (parsed is null) return reason;
            var buffer = new TextBuffer(stackalloc char[TextBuffer.OnStack]);
            try
            {
                return compiled.TryReplace(row.Texts[cell], parsed, ref buffer) ? buffer.Intern(row) : Cell.Invalid;
            }
            finally
            {
                buffer.Dispose();
            }
        }

        /// <summary>A template belongs to its pattern: that of a row's pattern is parsed for every row.</summary>
        private double TryGetTemplate(in Row row, double by, Pattern compiled, out ReplacementTemplate? parsed)
        {
            if (template is not null) return template.TryGet(row, out parsed);
            parsed = null;
            if (Cell.HasNoValue(by)) return by;
            try
            {
                parsed = ReplacementTemplate.Parse(row.Texts[by], compiled);
                return 0;
            }
            catch (ModelException)
            {
                return Cell.Invalid;
            }
        }
    }
}
