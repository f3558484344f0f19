namespace Slipway.Models.Graph;

/// <summary>
/// StringSplit: cuts texts at a delimiter, or without one at white space, into [..., most parts] filled up with empty texts, and counts the parts (ai.onnx 20).
/// </summary>
internal sealed class StringSplit : Operator
{
    private readonly string _delimiter;
    private readonly long _most;

    public StringSplit(NodeInfo node)
    {
        _delimiter = node.Text("delimiter", "");
        _most = node.Int("maxsplit", long.MaxValue);
        if (_most < 0) throw node.Wrong($"attribute 'maxsplit' is {_most}");
    }

    public override void Infer(InferenceContext context)
    {
        var shape = context.Shape(0);
        context.SetOutput(0, DataType.String, shape is null ? null : new Shape([.. shape.Dimensions, context.NewSymbol()]));
        context.SetOutput(1, DataType.Int64, shape);
    }

    public override void Run(RunContext context)
    {
        var source = context.Input(0);
        var texts = source.Strings;
        var counts = context.Allocate(1, DataType.Int64, source.Shape).Values<long>();
        var parts = new List<string>();
        long widest = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            var before = parts.Count;
            if (_delimiter.Length > 0) SplitAtDelimiter(texts[i], parts);
            else SplitAtSpace(texts[i], parts);
            counts[i] = parts.Count - before;
            widest = Math.Max(widest, counts[i]);
        }
        var target = context.Allocate(0, DataType.String, [.. source.Shape, widest]).Strings;
        target.Fill("");
        for (int i = 0, at = 0; i < texts.Length; i++)
        {
            for (var k = 0; k < counts[i]; k++) target[(int)(i * widest) + k] = parts[at++];
        }
    }

    private void SplitAtDelimiter(string text, List<string> parts)
    {
        var start = 0;
        for (long cuts = 0; cuts < _most; cuts++)
        {
            var end = text.IndexOf(_delimiter, start, StringComparison.Ordinal);
            if (end < 0) break;
            parts.Add(text[start..end]);
            start = end + _delimiter.Length;
        }
        parts.Add(text[start..]);
    }

    private void SplitAtSpace(string text, List<string> parts)
    {
        var at = 0;
        for (long cuts = 0; ; cuts++)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
            if (at == text.Length) return;
            var start = at;
            if (cuts == _most)
            {
                parts.Add(text[start..]);
                return;
            }
            while (at < text.Length && !char.IsWhiteSpace(text[at])) at++;
            parts.Add(text[start..at]);
        }
    }
}
