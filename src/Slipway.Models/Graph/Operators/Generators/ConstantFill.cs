using Slipway.Core;

namespace Slipway.Models.Graph;

/// <summary>ConstantFill: a tensor of one value; its shape is an attribute, an input's shape or an input's elements (ai.onnx 1, experimental, from Caffe2).</summary>
internal sealed class ConstantFill : Operator
{
    private readonly TensorValue _value;
    private readonly long[] _shape;
    private readonly long[] _extra;
    private readonly bool _isInputShape;
    private readonly bool _hasInput;

    public ConstantFill(NodeInfo node)
    {
        _isInputShape = node.Flag("input_as_shape");
        _hasInput = node.HasInput(0);
        _shape = node.Ints("shape") ?? [];
        _extra = node.Ints("extra_shape") ?? [];
        if (_hasInput && _shape.Length > 0) throw node.Wrong("a shape as attribute and as input are given, only one may be");
        foreach (var size in (ReadOnlySpan<long>)[.. _shape, .. _extra])
        {
            if (size < 0) throw node.Wrong($"a size of {size} is asked for");
        }
        var value = node.Float("value", 0);
        var element = node.DataType("dtype", DataType.Float32);
        _value = new TensorValue(element, 1);
        switch (element)
        {
            case DataType.Float32: _value.Values<float>()[0] = value; break;
            case DataType.Int32: _value.Values<int>()[0] = (int)value; break;
            case DataType.Int64: _value.Values<long>()[0] = (long)value; break;
            case DataType.Bool: _value.Values<byte>()[0] = value != 0 ? (byte)1 : (byte)0; break;
            default: throw node.Unsupported($"attribute 'dtype': {element.Text} is not among float, int32, int64 and bool");
        }
    }

    public override void Infer(InferenceContext context)
    {
        var shape = !_hasInput ? Graph.Shape.Of(_shape) : _isInputShape ? ConstantOfShape.WantedShape(context, 0) : context.Shape(0);
        context.SetOutput(0, _value.Element, shape is null ? null : new Shape([.. shape.Dimensions, .. _extra]));
    }

    public override void Run(RunContext context)
    {
        var move = new FillMove(context.Output(0), _value);
        ElementWidths.Move(_value.Element, ref move);
    }
}
