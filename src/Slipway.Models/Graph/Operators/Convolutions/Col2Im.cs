using Slipway.Core;
using Slipway.Models.Kernels;

namespace Slipway.Models.Graph;

/// <summary>Col2Im (ai.onnx 18): adds columns [N, C · taps, positions] into images [N, C, …] of the shape that input 1 names, under blocks of the shape of input 2.</summary>
internal sealed class Col2Im : Operator
{
    private readonly long[]? _strides, _dilations, _pads;

    public Col2Im(NodeInfo node)
    {
        (_strides, _dilations, _pads) = (node.Ints("strides"), node.Ints("dilations"), node.Ints("pads"));
        if (new[] { _strides, _dilations, _pads }.Any(list => list is not null && list.Any(v => Math.Abs(v) > int.MaxValue))) throw node.Wrong("strides, dilations or pads are out of range");
    }

    public override void Infer(InferenceContext context)
    {
        var (input, image, block) = (context.Shape(0), context.Constant(1), context.Constant(2));
        if (input is not null && input.Rank != 3) throw new ModelException($"columns [N, C · taps, positions] are expected, {input} is given");
        if (image is null || block is null)
        {
            context.SetOutput(0, context.Element(0), context.Shape(1) is { Rank: 1, IsConcrete: true } axesOf ? context.UnknownShape((int)axesOf[0] + 2) : null);
            return;
        }
        var taps = 1L;
        foreach (var size in block.ToInts()) taps = size > 0 && taps < int.MaxValue ? taps * size : throw new ModelException("the block has no size");
        if (image.Count != block.Count || image.Count is < 1 or > 3 || (input is not null && input[1] >= 0 && input[1] % taps != 0)) throw new ModelException($"images of {image.Count} axes from blocks of {block.Count} and columns {input} are not possible");
        context.SetOutput(0, context.Element(0), [input?[0] ?? context.NewSymbol(), input is null || input[1] < 0 ? context.NewSymbol() : input[1] / taps, .. image.ToInts()]);
    }

    public override void Run(RunContext context)
    {
        var (input, image, block, output) = (context.Input(0), context.Input(1).ToInts(), context.Input(2).ToInts(), context.Output(0));
        if (output.Count == 0) return;
        var axes = new ColumnAxis[image.Length];
        for (var a = 0; a < axes.Length; a++)
        {
            var (stride, dilation, before, after) = (At(_strides, a, 1), At(_dilations, a, 1), At(_pads, a, 0), At(_pads, a + axes.Length, 0));
            if (stride < 1 || dilation < 1) throw new RecordException("strides and dilations must be positive");
            var room = image[a] + before + after - (((block[a] - 1) * dilation) + 1);
            if (room < 0) throw new RecordException($"a block of {block[a]} does not fit into an axis of {image[a]}");
            axes[a] = new ColumnAxis((int)image[a], (int)((room / stride) + 1), (int)block[a], (int)stride, (int)dilation, (int)before);
        }
        var sum = new ColumnSum(axes);
        if (input[2] != sum.Positions) throw new RecordException($"columns have {input[2]} positions, the image has {sum.Positions}");
        var function = new Function(sum, input, output);
        NumberTypes.Run(input.Element, ref function);
    }

    private static long At(long[]? values, int index, long otherwise) => values is null || index >= values.Length ? otherwise : values[index];

    private readonly ref struct Function(ColumnSum sum, TensorValue input, TensorValue output) : INumberFunction
    {
        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T>
        {
            var planes = output.Count / sum.ImageLength;
            for (var p = 0; p < planes; p++) sum.Run<T>(input.Values<T>().Slice(p * sum.ColumnsLength, sum.ColumnsLength), output.Values<T>().Slice(p * sum.ImageLength, sum.ImageLength));
        }
    }
}
