using System.Text.RegularExpressions;

namespace Slipway.Models.Graph;

/// <summary>
/// RegexFullMatch: which texts match a pattern of RE2 from beginning to end (ai.onnx 20). Matched by automata: time grows with the length of the text, whatever the pattern.
/// </summary>
internal sealed class RegexFullMatch : Operator
{
    private readonly Regex _regex;

    public RegexFullMatch(NodeInfo node)
    {
        var pattern = node.Text("pattern");
        try
        {
            _regex = new Regex($@"\A(?:{Re2Pattern.Translate(pattern)})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or FormatException)
        {
            throw node.Wrong($"attribute 'pattern': '{pattern}' is no pattern of RE2 that can be matched: {e.Message}");
        }
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, DataType.Bool, context.Shape(0));

    public override void Run(RunContext context)
    {
        var texts = context.Input(0).Strings;
        var matches = context.Output(0).Values<byte>();
        for (var i = 0; i < texts.Length; i++) matches[i] = _regex.IsMatch(texts[i]) ? (byte)1 : (byte)0;
    }
}
