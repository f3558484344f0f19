using System.Collections.Frozen;
using System.Globalization;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>StringNormalizer: drops stop words from [C] or [1, C] texts and changes their case; when none is left, one empty text stays (ai.onnx 10).</summary>
internal sealed class StringNormalizer : Operator
{
    private readonly FrozenSet<string> _stopWords;
    private readonly Func<string, string>? _change;

    public StringNormalizer(NodeInfo node)
    {
        var comparer = node.Flag("is_case_sensitive") ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        _stopWords = (node.Texts("stopwords") ?? []).ToFrozenSet(comparer);
        var culture = CultureOf(node);
        _change = node.Text("case_change_action", "NONE") switch
        {
            "NONE" => null,
            "LOWER" => culture.TextInfo.ToLower,
            "UPPER" => culture.TextInfo.ToUpper,
            var other => throw node.Wrong($"attribute 'case_change_action': '{other}' is not known, only LOWER, UPPER and NONE"),
        };
    }

    /// <summary>The rules of Turkish and its kin differ from all others; for the rest the invariant ones are the same on every machine.</summary>
    private static CultureInfo CultureOf(NodeInfo node)
    {
        var language = node.Text("locale", "en_US").Split('_', '-', '.')[0].ToLowerInvariant();
        return language is "tr" or "az" ? CultureInfo.GetCultureInfo(language) : CultureInfo.InvariantCulture;
    }

    public override void Infer(InferenceContext context)
    {
        if (context.Shape(0) is { } shape && (shape.Rank is not (1 or 2) || (shape.Rank == 2 && shape[0] is >= 0 and not 1))) throw new ModelException($"texts of shape [C] or [1, C] are expected, the shape is {shape}");
        var rank = context.Rank(0);
        context.SetOutput(0, DataType.String, rank < 0 ? null : rank == 1 ? Shape.Of(context.NewSymbol()) : Shape.Of(1, context.NewSymbol()));
    }

    public override void Run(RunContext context)
    {
        var texts = context.Input(0).Strings;
        var kept = new List<string>(texts.Length);
        foreach (var text in texts)
        {
            if (!_stopWords.Contains(text)) kept.Add(_change is null ? text : _change(text));
        }
        if (kept.Count == 0) kept.Add("");
        var target = context.Input(0).Rank == 1 ? context.Allocate(0, DataType.String, kept.Count) : context.Allocate(0, DataType.String, 1, kept.Count);
        kept.CopyTo(target.Strings);
    }
}
