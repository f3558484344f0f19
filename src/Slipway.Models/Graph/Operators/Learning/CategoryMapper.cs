using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>CategoryMapper, and LabelEncoder before version 2: texts to numbers or numbers to texts, by the type of the input.</summary>
internal sealed class CategoryMapper : Operator
{
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _texts = [];
    private readonly string _defaultText;
    private readonly long _defaultNumber;

    public CategoryMapper(NodeInfo node, string[] texts, long[] numbers)
    {
        if (texts.Length != numbers.Length) throw node.Wrong($"{texts.Length} texts are given for {numbers.Length} numbers");
        for (var i = 0; i < texts.Length; i++)
        {
            _numbers[texts[i]] = numbers[i];
            _texts[numbers[i]] = texts[i];
        }
        _defaultText = node.Text("default_string", "_Unused");
        _defaultNumber = node.Int("default_int64", -1);
    }

    /// <summary>Texts are numbered in order.</summary>
    public static CategoryMapper OfClasses(NodeInfo node)
    {
        var classes = node.Texts("classes_strings") ?? throw node.Wrong("attribute 'classes_strings' is missing");
        var numbers = new long[classes.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = i;
        return new CategoryMapper(node, classes, numbers);
    }

    public override void Infer(InferenceContext context) => context.SetOutput(0, context.Element(0) switch
    {
        DataType.String => DataType.Int64,
        DataType.Int64 => DataType.String,
        DataType.Undefined => DataType.Undefined,
        var other => throw new ModelException($"texts or int64 are expected, {other.Text} is given"),
    }, context.Shape(0));

    public override void Run(RunContext context)
    {
        var (x, y) = (context.Input(0), context.Output(0));
        if (x.Element == DataType.String)
        {
            var from = x.Strings;
            var to = y.Values<long>();
            for (var i = 0; i < from.Length; i++) to[i] = _numbers.GetValueOrDefault(from[i], _defaultNumber);
        }
        else
        {
            var from = x.Values<long>();
            var to = y.Strings;
            for (var i = 0; i < from.Length; i++) to[i] = _texts.GetValueOrDefault(from[i], _defaultText);
        }
    }
}
