using System.Numerics;
using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>OneHotEncoder: a further dimension with 1 at the category of each element; of numbers their whole part counts.</summary>
internal sealed class OneHotEncoder : Operator
{
    private readonly Dictionary<long, int> _numbers = [];
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly bool _unknownIsZero;
    private readonly int _count;

    public OneHotEncoder(NodeInfo node)
    {
        var (numbers, texts) = (node.Ints("cats_int64s") ?? [], node.Texts("cats_strings") ?? []);
        if (numbers.Length > 0 == texts.Length > 0) throw node.Wrong("one of the attributes 'cats_int64s' and 'cats_strings' is expected");
        _count = numbers.Length + texts.Length;
        for (var i = 0; i < numbers.Length; i++) _numbers[numbers[i]] = i;
        for (var i = 0; i < texts.Length; i++) _texts[texts[i]] = i;
        _unknownIsZero = node.Flag("zeros", true);
    }

    public override void Infer(InferenceContext context)
    {
        var element = context.Element(0);
        if (element != DataType.Undefined && element == DataType.String != _texts.Count > 0) throw new ModelException($"the categories are {(_texts.Count > 0 ? "texts" : "numbers")}, the input is {element.Text}");
        context.SetOutput(0, DataType.Float32, context.Shape(0) is { } shape ? Shape.Of([.. shape.Span, _count]) : null);
    }

    public override void Run(RunContext context)
    {
        var x = context.Input(0);
        var y = context.Output(0).Values<float>();
        y.Clear();
        if (x.Element == DataType.String)
        {
            var texts = x.Strings;
            for (var i = 0; i < texts.Length; i++) Set(y, i, _texts.GetValueOrDefault(texts[i], -1), texts[i]);
            return;
        }
        var function = new Encode(this, x, y);
        NumberTypes.Run(x.Element, ref function);
    }

    private void Set(Span<float> y, int i, int place, object value)
    {
        if (place >= 0) y[(i * _count) + place] = 1;
        else if (!_unknownIsZero) throw new RecordException($"element {i} is '{value}', which is no category");
    }

    private readonly ref struct Encode(OneHotEncoder owner, TensorValue input, Span<float> y) : INumberFunction
    {
        private readonly Span<float> _y = y;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var values = input.Values<T>();
            for (var i = 0; i < values.Length; i++)
            {
                if (T.IsFinite(values[i]) && owner._numbers.TryGetValue(long.CreateTruncating(values[i]), out var place)) _y[(i * owner._count) + place] = 1;
                else if (!owner._unknownIsZero) throw new RecordException($"element {i} is {values[i]}, which is no category");
            }
        }
    }
}
