using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>FeatureVectorizer: the columns of all inputs one after the other, as float32. An input with fewer columns than it is said to have is filled up with zeros, the rest of a wider one is left out.</summary>
internal sealed class FeatureVectorizer : Operator
{
    private readonly long[] _widths;
    private readonly long _total;

    public FeatureVectorizer(NodeInfo node)
    {
        _widths = node.Ints("inputdimensions") ?? throw node.Wrong("attribute 'inputdimensions' is missing");
        if (_widths.Length != node.InputCount) throw node.Wrong($"attribute 'inputdimensions' has {_widths.Length} values for {node.InputCount} inputs");
        foreach (var width in _widths)
        {
            if (width is < 0 or > int.MaxValue) throw node.Wrong($"attribute 'inputdimensions': {width} is no number of columns");
            _total += width;
        }
    }

    public override void Infer(InferenceContext context)
    {
        var rows = FeatureRows.Flattened(context.Shape(0))?.Rows ?? context.NewSymbol();
        for (var i = 1; i < context.InputCount; i++)
        {
            if (FeatureRows.Flattened(context.Shape(i)) is { Rows: >= 0 and var other } && rows >= 0 && other != rows) throw new ModelException($"input {i} has {other} rows, input 0 has {rows}");
        }
        context.SetOutput(0, DataType.Float32, rows, _total);
    }

    public override void Run(RunContext context)
    {
        var y = context.Output(0).Values<float>();
        y.Clear();
        var offset = 0;
        for (var i = 0; i < _widths.Length; i++)
        {
            var function = new Copy(context.Input(i), y, offset, (int)_widths[i], (int)_total);
            NumberTypes.Run(context.Input(i).Element, ref function);
            offset += (int)_widths[i];
        }
    }

    private readonly ref struct Copy(TensorValue input, Span<float> y, int offset, int width, int total) : INumberFunction
    {
        private readonly Span<float> _y = y;

        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T>
        {
            var rows = input.Rank < 2 ? 1 : (int)input[0];
            var columns = rows == 0 ? 0 : input.Count / rows;
            var values = input.Values<T>();
            var copied = Math.Min(width, columns);
            for (var row = 0; row < rows; row++)
            {
                var from = values.Slice(row * columns, copied);
                var to = _y.Slice((row * total) + offset, copied);
                for (var c = 0; c < from.Length; c++) to[c] = float.CreateTruncating(from[c]);
            }
        }
    }
}
